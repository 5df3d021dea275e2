import { channelOf } from "../channel.js";
import { NumberView } from "../readouts/readouts.js";
import { styles } from "../styles.js";
import { START } from "./start.js";

await styles("tour.css", import.meta.url);

const PARTS = {
  formula: ".headline .formula",
  gradients: ".headline .cards",
  sliders: ".sliders .cells",
  graph: ".graph-view .window",
  inspector: ".inspector:not([hidden])",
  walk: ".graph-view .walk-bar:not([hidden]), .graph-view [data-tool=walk]",
  curves: ".curves-view",
  pages: ".st-key-head",
};
const GAP = 14;
const LOOK_MS = 200;
const NARROW_PX = 860;
const OVER = "off";

export default function render({ parentElement, data, setStateValue }) {
  const tour = parentElement.tour ?? (parentElement.tour = new Tour(parentElement));
  tour.send = (at) => setStateValue("tour", { at, seq: Date.now() });
  tour.update(data);
  return () => tour.close();
}

class Tour {
  constructor(parent) {
    this.root = document.createElement("div");
    this.root.className = "tour";
    this.root.innerHTML = SKELETON;
    parent.append(this.root);
    const find = (selector) => this.root.querySelector(selector);
    [this.offer, this.card, this.ring] = [find(".offer"), find(".card"), find(".ring")];
    [this.place, this.title, this.text, this.done] = [find(".place"), find("h2"), find(".text"), find(".done")];
    [this.back, this.next] = [find("[data-go=back]"), find("[data-go=next]")];
    this.root.addEventListener("click", ({ target }) => this.click(target.closest("[data-go]")?.dataset.go));
    this.card.addEventListener("keydown", (event) => this.key(event));
    this.move = () => (this.moving ??= requestAnimationFrame(() => this.follow()));
    this.looking = setInterval(() => this.stop && this.move(), LOOK_MS); // whatever moves the part that it points at
    this.begin = () => this.go(1);
    addEventListener("scroll", this.move, { capture: true, passive: true });
    addEventListener("resize", this.move);
    document.addEventListener(START, this.begin);
  }

  close() {
    removeEventListener("scroll", this.move, { capture: true });
    removeEventListener("resize", this.move);
    document.removeEventListener(START, this.begin);
    cancelAnimationFrame(this.moving);
    clearInterval(this.looking);
    this.unsubscribe?.();
  }

  update(data) {
    this.data = data;
    this.unsubscribe ??= channelOf(data.page).subscribe((message) => this.hear(message));
    if (this.isAhead && this.wanted !== data.at) return;
    this.isAhead = false;
    this.show(Number(data.at) || 0);
    this.offer.hidden = this.stop > 0 || !data.offer;
    this.invite(data.offer);
  }

  /** In two parts: a narrow head shows only what follows the question. */
  invite(offer) {
    const [question, ...rest] = offer.split(/(?<=\?) /);
    const start = this.offer.querySelector("[data-go=start]");
    start.setAttribute("aria-label", offer);
    start.firstElementChild.textContent = `${question} `;
    start.lastElementChild.textContent = rest.join(" ");
  }

  click(way) {
    if (way === "start") this.go(1);
    if (way === "back") this.go(this.stop - 1);
    if (way === "next") this.go(this.stop < this.data.stops.length ? this.stop + 1 : 0);
    if (way === "leave") this.go(0);
  }

  key(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    this.go(0);
  }

  /** The card moves at once; the address follows when it has taken in what was set before. */
  go(stop) {
    const hadFocus = this.root.contains(document.activeElement) || !this.stop;
    this.wanted = stop ? String(stop) : OVER;
    this.isAhead = true;
    this.offer.hidden = true;
    this.show(stop);
    if (stop && hadFocus) this.next.focus({ preventScroll: true });
    if (!stop) document.querySelector(".classroom .keys")?.focus({ preventScroll: true });
    channelOf(this.data.page).release(() => this.send(this.wanted));
  }

  show(stop) {
    if (stop === this.stop) return;
    this.stop = stop;
    this.card.hidden = this.ring.hidden = !stop;
    if (!stop) return;
    const { title, html, part, change } = this.data.stops[stop - 1];
    this.part = part;
    this.change = change;
    this.first = this.message && changeable(this.message, change);
    this.place.textContent = `${stop} of ${this.data.stops.length}`;
    this.title.innerHTML = title;
    this.text.innerHTML = html;
    this.numbers = [...this.text.querySelectorAll("[data-readout]")].map((root) => new NumberView(root));
    this.back.hidden = stop === 1;
    this.next.textContent = stop === this.data.stops.length ? "Finish" : "Next";
    this.card.classList.remove("tried");
    this.done.textContent = "";
    this.isInView = false;
    if (this.message) this.hear(this.message);
    if (part === "curves" && this.message?.graph.look.node) this.closeInspector();
    this.follow();
  }

  /** Numbers in the text, and whether what the stop asks to try has been tried. */
  hear(message) {
    this.message = message;
    if (!this.stop) return;
    for (const number of this.numbers) number.show(message);
    this.move();
    if (!this.change) return;
    const now = changeable(message, this.change);
    this.first ??= now;
    if (now === this.first || now === "" || this.card.classList.contains("tried")) return;
    this.card.classList.add("tried");
    this.done.textContent = "Done.";
  }

  /** It would lie over the curves. */
  closeInspector() {
    channelOf(this.data.page).submit({ look: { ...this.message.graph.look, node: "" }, released: true });
  }

  target() {
    const shown = [...document.querySelectorAll(PARTS[this.part])].find((part) => part.getClientRects().length);
    return shown ?? document.querySelector(PARTS.graph);
  }

  /** Ring and card where their part is now. */
  follow() {
    this.moving = null;
    const part = this.stop && this.target();
    if (!part?.clientHeight) return;
    if (!this.isInView) part.scrollIntoView({ block: "center" });
    this.isInView = true;
    const box = part.getBoundingClientRect();
    Object.assign(this.ring.style, { left: `${box.x - 5}px`, top: `${box.y - 5}px`, width: `${box.width + 10}px`, height: `${box.height + 10}px` });
    const { left, top } = beside(box, this.card.offsetWidth, this.card.offsetHeight);
    Object.assign(this.card.style, { left: `${left}px`, top: `${top}px` });
  }
}

/** What a stop asks to change: an input, or what the graph is asked to show ("" while that is nothing). */
function changeable({ inputs, graph }, name) {
  return inputs[name] ?? graph.look[name] ?? "";
}

/** Below its part, else beside it, else above it, else on top of the window; on a phone always above the sliders. */
function beside(box, width, height) {
  const isNarrow = innerWidth <= NARROW_PX;
  const floor = isNarrow ? Math.min(document.querySelector(".sliders")?.getBoundingClientRect().top ?? innerHeight, innerHeight) : innerHeight;
  const middle = clamp(box.x + box.width / 2 - width / 2, GAP, innerWidth - width - GAP);
  const level = clamp(box.y, GAP, floor - height - GAP);
  const places = [
    { left: middle, top: box.bottom + GAP },
    { left: box.right + GAP, top: level },
    { left: box.left - width - GAP, top: level },
    { left: middle, top: box.top - height - GAP },
  ];
  const fits = ({ left, top }) => left >= 0 && top >= 0 && left + width <= innerWidth && top + height <= floor;
  return places.find(fits) ?? { left: innerWidth - width - GAP, top: isNarrow ? GAP / 2 : floor - height - GAP };
}

function clamp(value, least, most) {
  return Math.max(least, Math.min(value, most));
}

const SKELETON = `
  <div class="offer" hidden>
    <button type="button" data-go="start"><span class="question"></span><span></span></button>
    <button type="button" data-go="leave" class="no" aria-label="No tour" title="No tour">×</button>
  </div>
  <div class="ring" aria-hidden="true" hidden></div>
  <section class="card" role="dialog" aria-labelledby="tour-title" hidden>
    <header><span class="place"></span><h2 id="tour-title" aria-live="polite"></h2><button type="button" data-go="leave" class="end" aria-label="End the tour" title="End the tour (Esc)">×</button></header>
    <div class="text"></div>
    <footer><span class="done" role="status"></span><button type="button" data-go="back">Back</button><button type="button" data-go="next" class="next">Next</button></footer>
  </section>`;
