// A program as text: a plain text area over its coloured copy, whose numbers can be dragged where they stand.

import { element } from "../shell/dom.js";
import { Gutter } from "./gutter.js";
import { newLine, outdent } from "./indent.js";
import { Lines, marksByLine } from "./lines.js";
import { literalAt, LiteralHandles, literalsIn, rewrite, stepped } from "./literals.js";
import { changedLines, changedRange, moved, placeAt, startsOf } from "./places.js";

const REST_MS = 600; // then the line that the caret has come to is read out
const ARROWS = { ArrowUp: 1, ArrowDown: -1 };
const FATAL = ["error", "refused", "limit"]; // kinds of marks: the program did not come to its end
const SPOKEN_ID = "editor-spoken";
export const FOR_A_FINGER = "(max-width: 860px), (pointer: coarse)";

export class Editor {
  /**
   * `onChange(code)` is called where the visitor has changed the text, `onRun()` at Ctrl or Cmd with Enter,
   * `onDrag(literal, value, released)` while a literal takes another value (`code` has it already), `onLine(line)` with
   * the line at the pointer or else the caret's, or null, `onPick(line)` where a line's number is pressed, and
   * `onPaste(text)` after a text has been pasted.
   */
  constructor(root, { code = "", onChange, onRun, onDrag, onLine, onPick, onPaste }) {
    Object.assign(this, { onChange, onRun, onDrag, onLine, onPick, onPaste });
    Object.assign(this, { notes: [], marks: [], literals: [], lit: new Set(), hovered: null, told: null });
    Object.assign(this, { draft: null, frame: null });
    this.field = element("textarea", {
      name: "program", value: code, spellcheck: false, autocomplete: "off", translate: false, "aria-label": "program",
      "aria-describedby": SPOKEN_ID,
    });
    for (const name of ["autocapitalize", "autocorrect", "wrap"]) this.field.setAttribute(name, "off");
    this.lines = new Lines();
    this.gutter = new Gutter((line) => this.onPick?.(line));
    this.handles = new LiteralHandles({
      drag: (...dragged) => this.drag(...dragged), press: (...pressed) => this.press(...pressed),
    });
    this.spoken = element("p", { className: "spoken", id: SPOKEN_ID, "aria-live": "polite" });
    this.sheet = element("div", { className: "sheet" }, [this.lines.root, this.field, this.handles.root]);
    this.scroller = element("div", { className: "scroller" }, [this.sheet, this.gutter.root]);
    this.root = element("div", { className: "editor" }, [this.scroller, this.spoken]);
    root.append(this.root);
    this.listen();
    this.written = code;
    this.draw();
  }

  listen() {
    const { field, sheet } = this;
    this.closing = new AbortController();
    const on = (place, name, act) => place.addEventListener(name, act, { signal: this.closing.signal });
    on(field, "input", () => this.input());
    on(field, "keydown", (event) => this.key(event));
    on(field, "keyup", () => this.settle());
    on(field, "paste", ({ clipboardData }) => this.pasted(clipboardData?.getData("text") ?? ""));
    on(field, "scroll", () => Object.assign(field, { scrollTop: 0, scrollLeft: 0 })); // its frame scrolls
    on(field, "pointerdown", () => this.root.classList.add("selecting"));
    on(window, "pointerup", () => this.root.classList.remove("selecting"));
    on(window, "keydown", ({ key }) => key === "Escape" && this.handles.cancel());
    for (const name of ["focus", "blur"]) on(field, name, () => this.isEditing || this.follow());
    on(document, "selectionchange", () => this.isFocused && this.follow(true));
    on(sheet, "pointermove", (event) => event.pointerType === "touch" || this.handles.held || this.hover(event));
    on(sheet, "pointerleave", () => this.hover(null));
    const touched = matchMedia(FOR_A_FINGER); // there, numbers are too small, and a touch on the line does the same
    on(touched, "change", () => (this.gutter.root.inert = touched.matches));
    this.gutter.root.inert = touched.matches;
    this.resized = new ResizeObserver(() => this.root.style.setProperty("--seen", `${this.scroller.clientWidth}px`));
    this.resized.observe(this.scroller);
  }

  close() {
    this.closing.abort();
    this.resized.disconnect();
    clearTimeout(this.rest);
    cancelAnimationFrame(this.frame);
  }

  get isFocused() {
    return document.activeElement === this.field;
  }

  /** Whether a number has been taken hold of and moved. */
  get isDragging() {
    return this.draft !== null;
  }

  /** The program as it is shown. */
  get code() {
    return this.draft?.code ?? this.field.value;
  }

  /** Shows another program; what was typed before can no longer be undone. */
  set code(code) {
    if (this.field.value === code) return;
    this.field.value = code;
    this.follow();
    this.take();
  }

  /** Has another program take the place of this one, as one change, of the lines that differ, that can be undone. */
  replace(code) {
    if (this.field.value === code) return;
    this.edit(changedRange(this.field.value, code));
    this.take();
  }

  /** Shows what is known of a program: `notes` at the ends of lines, `marks`, `literals` that can be dragged. */
  show({ code, notes = [], marks = [], literals = [] }) {
    if (code !== undefined && !this.draft) this.code = code;
    Object.assign(this, { notes, marks });
    if (!this.draft) this.literals = literalsIn(this.field.value, literals);
    this.field.setAttribute("aria-invalid", String(marks.some(({ kind }) => FATAL.includes(kind))));
    if (this.draft) this.drawSoon();
    else this.draw();
  }

  /** Marks lines from outside. */
  light(lines) {
    this.lit = new Set(lines);
    this.mark();
  }

  /** Brings the caret to the beginning of a line's text. */
  goTo(line) {
    const starts = startsOf(this.field.value);
    const start = starts[Math.min(Math.max(line, 1), starts.length) - 1];
    const place = start + /^ */.exec(this.field.value.slice(start))[0].length;
    this.field.focus({ preventScroll: true });
    this.field.setSelectionRange(place, place);
    this.follow(true);
  }

  input() {
    if (this.isEditing) return;
    this.take();
    this.reveal();
    this.onChange?.(this.field.value);
  }

  /** Takes another text: what was said of lines that are as they were goes with them. */
  take() {
    const change = changedLines(this.written, this.field.value);
    for (const name of ["notes", "marks", "literals"]) this[name] = moved(this[name], change);
    this.literals = literalsIn(this.field.value, this.literals);
    this.draw();
  }

  /** While a number is dragged, all that comes in one frame is drawn once. */
  drawSoon() {
    this.frame ??= requestAnimationFrame(() => this.draw());
  }

  draw() {
    cancelAnimationFrame(this.frame);
    this.frame = null;
    const { code } = this;
    this.written = code;
    this.lines.write(code);
    this.lines.annotate(this.notes, this.marks);
    this.gutter.show(this.lines.rows.length, this.marks);
    this.handles.show(code.split("\n"), this.draft?.literals ?? this.literals);
    this.mark();
  }

  mark() {
    const current = this.isFocused ? this.place.line : null;
    this.lines.mark(current, this.lit);
    this.gutter.mark(current, this.lit);
  }

  get place() {
    return placeAt(this.field.value, this.field.selectionEnd);
  }

  /** The caret has gone somewhere: its line is marked, told and, once it rests, read out. */
  follow(reveals = false) {
    const line = this.isFocused ? this.place.line : null;
    if (reveals) this.reveal();
    if (this.line === line) return;
    this.line = line;
    this.mark();
    this.tell();
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.speak(), REST_MS);
  }

  speak() {
    const mark = marksByLine(this.marks).get(this.line);
    const note = this.notes.find(({ line }) => line === this.line);
    const said = [mark && `${mark.kind}: ${mark.text}`, note && (note.title ?? note.text)].filter(Boolean).join(". ");
    this.spoken.textContent = said && `Line ${this.line}: ${said}`;
  }

  tell() {
    const line = this.hovered ?? this.line ?? null;
    if (line !== this.told) this.onLine?.((this.told = line));
  }

  /** The pointer is over a line, or has gone; over a note, all of it is shown. */
  hover(at) {
    const line = at && this.lines.lineAt(at.clientY);
    if (this.hovered !== line) {
      this.hovered = line;
      this.tell();
    }
    const title = line && at.clientX > this.lines.xOf(line) ? this.said(line) : "";
    if (this.field.title !== title) this.field.title = title;
  }

  said(line) {
    const own = ({ line: other }) => other === line;
    return [...this.marks.filter(own), ...this.notes.filter(own)].map(({ title, text }) => title ?? text).join("\n");
  }

  key(event) {
    if (event.isComposing) return;
    const isCommand = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && isCommand) this.command(event);
    else if (event.altKey && ARROWS[event.key]) this.step(event);
    else if (!isCommand && !event.altKey) this.indent(event);
  }

  command(event) {
    event.preventDefault();
    this.onRun?.();
  }

  indent(event) {
    const { value, selectionStart: start, selectionEnd: end } = this.field;
    const spaces = event.key === "Backspace" && start === end ? outdent(value, start) : 0;
    if (event.key !== "Enter" && spaces < 2) return;
    event.preventDefault();
    if (spaces) this.field.setSelectionRange(start - spaces, start);
    insert(this.field, spaces ? "" : newLine(value, start));
  }

  pasted(text) {
    if (this.onPaste) setTimeout(() => this.onPaste(text));
  }

  /** The literal at the caret goes one step on. */
  step(event) {
    const literal = literalAt(this.literals, this.place);
    if (!literal) return;
    event.preventDefault();
    const value = stepped(literal, ARROWS[event.key]);
    this.commit(rewrite(this.field.value, this.literals, literal, value));
    this.stepping = [literal, value];
    this.onDrag?.(literal, value, false);
  }

  /** A key that is held has been let go. */
  settle() {
    const { stepping } = this;
    this.stepping = null;
    if (stepping) this.onDrag?.(...stepping, true);
  }

  /** A literal is dragged: shown at once, and written into the text, as one change, when it is let go. */
  drag(literal, value, released) {
    this.draft = rewrite(this.field.value, this.literals, literal, value);
    if (released) this.commit(this.draft);
    else this.drawSoon();
    this.onDrag?.(literal, value, released);
  }

  commit(change) {
    this.draft = null;
    this.literals = change.literals;
    if (this.field.value !== change.code) this.edit(change);
    this.draw();
  }

  /** A press on a literal sets the caret, as anywhere in the text; a second one selects it. */
  press({ line, column, length }, part) {
    const start = startsOf(this.field.value)[line - 1] + column;
    const at = start + Math.round(part * length);
    this.field.focus({ preventScroll: true });
    this.field.setSelectionRange(...(part === null ? [start, start + length] : [at, at]));
  }

  /** Writes a text in another's place. */
  edit({ start, end, text }) {
    this.within((field) => {
      field.setSelectionRange(start, end);
      insert(field, text);
    });
  }

  /** Takes the last change back, as the browser's own key does. */
  undo() {
    this.within(() => document.execCommand("undo"));
    this.take();
    this.onChange?.(this.field.value);
  }

  /** Acts on the focused field; the focus stays where it is, and no keyboard comes up for it. */
  within(act) {
    const { field, isFocused } = this;
    const { activeElement } = document;
    this.isEditing = true;
    if (!isFocused) field.inputMode = "none";
    field.focus({ preventScroll: true });
    act(field);
    if (!isFocused) {
      field.blur();
      field.inputMode = "";
      activeElement?.focus?.({ preventScroll: true });
    }
    this.isEditing = false;
    this.follow();
  }

  /** Scrolls to the caret. */
  reveal() {
    const { line, column } = this.place;
    if (!this.lines.rows[line - 1]) return;
    const frame = this.scroller.getBoundingClientRect();
    const edge = this.gutter.root.getBoundingClientRect().right;
    const top = this.lines.rows[line - 1].root.getBoundingClientRect();
    const x = this.lines.xOf(line, column);
    this.scroller.scrollTop += beyond(top.top, top.bottom, frame.top, frame.top + this.scroller.clientHeight);
    this.scroller.scrollLeft += beyond(x - top.height, x + top.height, edge, frame.left + this.scroller.clientWidth);
  }
}

/** How far something has to move to lie between two limits. */
function beyond(low, high, lowest, highest) {
  if (low < lowest) return low - lowest;
  return high > highest ? high - highest : 0;
}

/** Writes over what is selected, as typing does: the browser can undo it. */
function insert(field, text) {
  const isDone = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
  if (isDone) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input"));
}
