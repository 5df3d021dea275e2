// The tour of the first visit: a card that points at one part of the page after the other, and says what to try.

import { explainIn } from "../glossary/glossary.js";
import { placesIn } from "../readouts/readouts.js";
import { fromHtml } from "../shell/dom.js";
import { typeScale } from "../shell/type_size.js";

const TARGETS = {
  formula: ".headline .formula",
  gradients: ".headline .cards",
  sliders: ".sliders .cells",
  graph: ".graph-view .window",
  inspector: ".inspector:not([hidden])",
  walk: ".graph-view .walk-bar:not([hidden]), .graph-view [data-tool=walk]",
  curves: ".curves-view",
  pages: ".app-head",
};
/** What a visitor has to see beside the part that a stop points at: what is to be set there, and what follows it. */
const WATCHED = {
  sliders: ["formula", "gradients"],
  gradients: ["sliders"],
  graph: ["inspector"],
  inspector: ["graph"],
  walk: ["graph"],
  curves: ["sliders"],
};
const GAP = 14;
const RING = 5;
const NARROW_PX = 860;
const LEAST_PX = 20;
const OVER = "off";
const TOURING = "touring";

export class Tour {
  constructor({ graph, classroom }) {
    Object.assign(this, { graph, state: classroom, stop: 0, stops: [], closing: new AbortController() });
    this.root = fromHtml(SKELETON);
    const find = (selector) => this.root.querySelector(selector);
    [this.offer, this.card, this.ring] = [find(".offer"), find(".card"), find(".ring")];
    [this.place, this.title, this.text, this.status] = [find(".place"), find("h2"), find(".text"), find(".done")];
    [this.start, this.back, this.next] = ["start", "back", "next"].map((way) => find(`[data-go=${way}]`));
    this.root.addEventListener("click", ({ target }) => this.click(target.closest("[data-go]")?.dataset.go));
    this.card.addEventListener("keydown", (event) => this.key(event));
    this.follow = () => (this.frame ??= requestAnimationFrame(() => this.move()));
    this.resize = new ResizeObserver(this.follow);
    const { signal } = this.closing;
    addEventListener("scroll", this.follow, { capture: true, passive: true, signal });
    addEventListener("resize", this.follow, { signal });
  }

  close() {
    this.closing.abort();
    this.resize.disconnect();
    cancelAnimationFrame(this.frame);
    document.documentElement.classList.remove(TOURING);
  }

  /** Takes over another page. */
  open({ tour }) {
    this.stops = tour?.stops ?? [];
    this.values = tour?.values;
    this.message = null;
    this.show(0);
    this.invite(tour?.offer ?? "");
  }

  /** The card follows whatever moves or resizes the page's parts. */
  watch(parts) {
    this.resize.disconnect();
    for (const part of [...parts, this.card]) this.resize.observe(part);
  }

  /** In two parts: a narrow head shows only what follows the question. */
  invite(offer) {
    const [question, ...rest] = offer.split(/(?<=\?) /);
    this.offer.hidden = !offer;
    this.start.setAttribute("aria-label", offer);
    this.start.firstElementChild.textContent = `${question} `;
    this.start.lastElementChild.textContent = rest.join(" ");
  }

  click(way) {
    if (way === "start") this.go(1);
    if (way === "back") this.go(this.stop - 1);
    if (way === "next") this.go(this.stop < this.stops.length ? this.stop + 1 : 0);
    if (way === "leave") this.go(0);
  }

  key(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    this.go(0);
  }

  /** The card moves at once; the address follows when it has taken in what was set before, and the stop's own state. */
  go(stop) {
    const hadFocus = this.root.contains(document.activeElement) || !this.stop;
    const beginning = stop ? this.beginning(this.stops[stop - 1]) : {};
    this.state.set("tour", stop ? String(stop) : OVER, beginning);
    this.update(this.message);
    if (stop) this.first = changeable(beginning, this.change);
    if (stop && hadFocus) this.next.focus({ preventScroll: true });
    if (!stop) document.querySelector(".classroom .keys")?.focus({ preventScroll: true });
  }

  /** The state that a stop begins from, whatever was left behind at another one. */
  beginning({ node }) {
    return { values: this.values, graph_view: { ...this.graph.view, node, step: null }, released: true };
  }

  /** The stop that the address names, its numbers, and whether what it asks to try has been tried. */
  update(message) {
    if (!message || !this.stops.length) return;
    this.message = message;
    const { tour = "" } = this.state.current;
    if (tour) this.offer.hidden = true;
    this.show(Math.min(Number(tour) || 0, this.stops.length));
    if (!this.stop) return;
    for (const number of this.places) number.update(message);
    this.follow();
    this.notice(message);
  }

  show(stop) {
    if (stop === this.stop) return;
    this.stop = stop;
    this.card.hidden = this.ring.hidden = !stop;
    document.documentElement.classList.toggle(TOURING, Boolean(stop));
    if (!stop) return;
    const { title, html, part, change } = this.stops[stop - 1];
    const { values, graph } = this.message;
    const first = changeable({ values, graph_view: graph.view }, change);
    Object.assign(this, { part, change, first, target: null });
    this.place.textContent = `${stop} of ${this.stops.length}`;
    this.title.innerHTML = title; // a lesson's own text, from Markdown in which HTML is text
    this.text.innerHTML = html;
    explainIn(this.text);
    this.places = placesIn(this.text);
    this.back.hidden = stop === 1;
    this.next.textContent = stop === this.stops.length ? "Finish" : "Continue";
    this.card.classList.remove("tried");
    this.status.textContent = "";
  }

  notice({ values, graph }) {
    if (this.state.pending || this.state.line.isAhead) return;
    const now = changeable({ values, graph_view: graph.view }, this.change);
    if (!this.change || now === this.first || now === "" || this.card.classList.contains("tried")) return;
    this.card.classList.add("tried");
    this.status.textContent = "Done.";
  }

  /** Ring and card where their part is now; no ring round what has scrolled away. */
  move() {
    this.frame = null;
    const part = this.stop && (shown(this.part) ?? shown("graph"));
    if (!part?.clientHeight) return;
    const isNarrow = innerWidth <= NARROW_PX * typeScale();
    if (this.target !== part) part.scrollIntoView({ block: isNarrow ? "start" : "center" });
    this.target = part;
    const box = part.getBoundingClientRect();
    const [width, height] = [box.width, box.height].map((side) => side + 2 * RING);
    place(this.ring, { left: box.x - RING, top: box.y - RING, width, height });
    this.ring.hidden = box.bottom < LEAST_PX || box.top > innerHeight - LEAST_PX;
    const watched = (WATCHED[this.part] ?? []).map(shown).filter(Boolean);
    place(this.card, beside(box, watched.map((one) => one.getBoundingClientRect()), this.card));
  }
}

/** What a stop asks to change: an input, or what the graph is asked to show ("" while that is nothing). */
function changeable({ values, graph_view }, name) {
  return values[name] ?? graph_view[name] ?? "";
}

/** The element of a part of the page, if it is on the page. */
function shown(part) {
  return [...document.querySelectorAll(TARGETS[part])].find((one) => one.getClientRects().length);
}

/** Where the window's free room ends: at the controls, where they are fixed to its lower end. */
function floor() {
  const bar = getComputedStyle(document.querySelector(".app")).getPropertyValue("--bar");
  return innerHeight - (parseFloat(bar) || 0);
}

/** Below its part, beside it, above it, or in a corner of the window: where it covers least of what is watched. */
function beside(box, watched, { offsetWidth: width, offsetHeight: height }) {
  const [right, bottom] = [innerWidth - width - GAP, floor() - height - GAP];
  const middle = clamp(box.x + box.width / 2 - width / 2, GAP, right);
  const level = clamp(box.y, GAP, bottom);
  const places = [
    { left: middle, top: box.bottom + GAP },
    { left: box.right + GAP, top: level },
    { left: box.left - width - GAP, top: level },
    { left: middle, top: box.top - height - GAP },
    ...[bottom, GAP].flatMap((top) => [right, GAP, middle].map((left) => ({ left, top }))),
  ].filter(({ left, top }) => left >= 0 && left <= right + GAP && top >= 0 && top <= bottom + GAP);
  const cover = (at) => [box, ...watched].reduce((sum, part) => sum + overlap({ ...at, width, height }, part), 0);
  const covers = places.map(cover);
  return places[covers.indexOf(Math.min(...covers))] ?? { left: Math.max(right, 0), top: 0 };
}

/** The area that two boxes share. */
function overlap({ left, top, width, height }, box) {
  const across = Math.min(left + width, box.right) - Math.max(left, box.left);
  const down = Math.min(top + height, box.bottom) - Math.max(top, box.top);
  return Math.max(across, 0) * Math.max(down, 0);
}

function place(element, box) {
  for (const [side, pixels] of Object.entries(box)) element.style[side] = `${pixels}px`;
}

function clamp(value, least, most) {
  return Math.max(least, Math.min(value, most));
}

const CARD = `
  <header>
    <span class="place"></span>
    <h2 id="tour-title" aria-live="polite"></h2>
    <button type="button" data-go="leave" class="end" aria-label="End the tour" title="End the tour (Esc)">×</button>
  </header>
  <div class="text"></div>
  <footer>
    <span class="done" role="status"></span>
    <button type="button" data-go="back">Back</button>
    <button type="button" data-go="next" class="next">Continue</button>
  </footer>`;

const SKELETON = `
  <div class="tour">
    <div class="offer" hidden>
      <button type="button" data-go="start"><span class="question"></span><span></span></button>
      <button type="button" data-go="leave" class="no" aria-label="No tour" title="No tour">×</button>
    </div>
    <div class="ring" aria-hidden="true" hidden></div>
    <section class="card" role="dialog" aria-labelledby="tour-title" hidden>${CARD}</section>
  </div>`;
