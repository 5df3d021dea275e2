// Words that are explained where they stand: underlined in a text, and a note at a pointer, in focus or at a touch.

import { element, keepUntranslated, setText } from "../shell/dom.js";
import { TERMS } from "./terms.js";

const NOTE_ID = "term-note";
const EDGE_PX = 4;
const PLAIN = "a, button, code, pre, summary, svg, math, .maths, .explained, [data-readout], [data-text]";

const FORMS = new Map();
const ALONE = new Map();
for (const term of TERMS) {
  for (const form of term.forms ?? [term.name]) (term.alone ? ALONE : FORMS).set(form.toLowerCase(), term);
}
const longestFirst = [...FORMS.keys()].sort((one, other) => other.length - one.length);
const PATTERN = new RegExp(`(?<![\\p{L}\\p{N}_])(?:${longestFirst.join("|")})(?![\\p{L}\\p{N}_])`, "giu");

/** Writes a text in which the terms are explained, each at its first place. */
export function setExplained(place, text) {
  if (place.written === text) return;
  place.written = text;
  keepUntranslated(place);
  place.replaceChildren(...pieces(text));
}

/** Has the terms in an element's own text explained, each at its first place; not in code, links and what changes. */
export function explainIn(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(PLAIN)) found.push(walker.currentNode);
  const known = new Set();
  for (const node of found) node.replaceWith(...pieces(node.data, known));
  return root;
}

/** A text in pieces: strings, and marked terms that are not yet `known`. */
function pieces(text, known = new Set()) {
  const alone = ALONE.get(text.trim());
  if (alone) return [marked(text, alone)];
  const parts = [];
  let end = 0;
  for (const { 0: form, index } of text.matchAll(PATTERN)) {
    const term = FORMS.get(form.toLowerCase());
    if (known.has(term)) continue;
    known.add(term);
    parts.push(text.slice(end, index), marked(form, term));
    end = index + form.length;
  }
  return [...parts, text.slice(end)];
}

function marked(textContent, term) {
  const dfn = element("dfn", { className: "explained", tabIndex: 0, textContent, "aria-describedby": NOTE_ID });
  dfn.term = term;
  return dfn;
}

/** The one note of a page, in the top layer: nothing cuts it. */
export class Glossary {
  constructor(root) {
    this.text = element("p");
    const properties = { className: "term-note", id: NOTE_ID, role: "tooltip", popover: "manual" };
    this.note = element("div", properties, [this.text]);
    root.append(this.note);
    this.closing = new AbortController();
    const on = (place, name, act, capture = false) => {
      place.addEventListener(name, act, { capture, signal: this.closing.signal });
    };
    on(document, "pointerover", ({ target, pointerType }) => pointerType === "mouse" && this.point(target));
    for (const name of ["focusin", "click"]) on(document, name, ({ target }) => this.point(target));
    on(document, "focusout", () => this.hide());
    on(document, "keydown", (event) => this.key(event), true);
    on(document, "scroll", () => this.place && this.lay(this.place), true);
    on(window, "resize", () => this.hide());
  }

  close() {
    this.closing.abort();
    this.note.remove();
  }

  point(target) {
    const place = target.closest?.(".explained");
    if (place) this.show(place);
    else if (!this.note.contains(target) && this.place !== document.activeElement) this.hide();
  }

  /** Escape closes the note and nothing else. */
  key(event) {
    if (event.key !== "Escape" || !this.place) return;
    this.hide();
    event.stopPropagation();
    event.preventDefault();
  }

  show(place) {
    if (this.place === place) return;
    this.place = place;
    setText(this.text, `${place.term.name}: ${place.term.says}`);
    this.note.showPopover?.();
    this.lay(place);
  }

  hide() {
    if (!this.place) return;
    this.place = null;
    this.note.hidePopover?.();
  }

  /** Below the word, or above it where there is no room; inside the window in any case. */
  lay(place) {
    const { left, width, top, bottom } = place.getClientRects()[0] ?? {};
    if (!(bottom > 0 && top < innerHeight)) return this.hide();
    const { offsetWidth, offsetHeight, style } = this.note;
    const across = Math.min(left + width / 2 - offsetWidth / 2, innerWidth - offsetWidth - EDGE_PX);
    const above = bottom + offsetHeight > innerHeight - EDGE_PX;
    style.left = `${Math.max(across, EDGE_PX)}px`;
    style.top = `${Math.max(above ? top - offsetHeight : bottom, EDGE_PX)}px`;
  }
}
