// Above MANY nodes, what lies outside the window is not painted, nor is text too small to read.

const MANY = 150;
const READABLE_PX = 7;
const SIZES = { small: 12, usual: 15, all: 21 };
const LABEL = 40;
const AROUND_PX = 240;
const MOST_HIDDEN = 500; // in one frame

export class Culling {
  constructor(panZoom) {
    this.panZoom = panZoom;
    this.parts = [];
    panZoom.onSettled((box) => this.look(box));
    panZoom.onView((box) => this.follow(box));
    panZoom.window.addEventListener("focusin", ({ target }) => this.reveal(target));
    this.resize = new ResizeObserver(([{ contentRect }]) => {
      this.size = contentRect;
      if (panZoom.box) this.look(panZoom.box);
    });
    this.resize.observe(panZoom.window);
  }

  close() {
    cancelAnimationFrame(this.hiding);
    this.resize.disconnect();
  }

  get isOn() {
    return this.parts.length > 0;
  }

  /** The window's size, for which nothing is laid out. */
  get room() {
    return (this.size ??= sizeOf(this.panZoom.window));
  }

  /** Takes over a new drawing before it is shown. */
  attach(svg, nodes, edges) {
    this.svg = svg;
    this.unread = "";
    this.shown = null;
    cancelAnimationFrame(this.hiding);
    const isMany = nodes.length > MANY;
    const cards = nodes.map((node) => new Part(node, cardBox(node.box)));
    this.parts = isMany ? [...cards, ...edges.map((edge) => new Part(edge, lineBox(edge.line)))] : [];
    svg.classList.toggle("many", isMany);
    svg.parentElement.classList.toggle("of-many", isMany);
  }

  /** Shows what can be seen and, for the next moves, some of what lies around it. */
  look(box) {
    if (!this.isOn || !this.room.width) return;
    const scale = this.measure(box);
    this.omit(Object.keys(SIZES).filter((name) => SIZES[name] * scale < READABLE_PX).join(" "));
    this.shown = grown(this.seen, AROUND_PX / scale, AROUND_PX / scale);
    this.origin = { ...this.seen, scale };
    this.bound();
    for (const part of this.parts) part.isSeen = overlap(part.box, this.shown);
    for (const part of this.parts) if (part.isSeen) part.show(true);
    cancelAnimationFrame(this.hiding);
    this.hide(this.parts.filter((part) => part.isShown && !part.isSeen));
    const isFar = this.unread.includes("all");
    this.place(isFar);
    if (!isFar) this.fill();
  }

  /** Puts in place what is written on the parts that are shown. */
  fill() {
    for (const part of this.parts) if (part.isSeen) part.view.fill(this.shown);
  }

  /** Takes away parts that are not seen: of a drawing that stands there some in a frame, as each is styled anew. */
  hide(parts) {
    const most = parts[0]?.root.isConnected ? MOST_HIDDEN : parts.length;
    for (const part of parts.slice(0, most)) part.show(overlap(part.box, this.shown));
    if (parts.length > most) this.hiding = requestAnimationFrame(() => this.hide(parts.slice(most)));
  }

  /** Parts that are seen look as from far away or not; the others as they did. */
  place(isFar) {
    for (const part of this.parts) if (part.isSeen) part.place(isFar);
  }

  /** While the picture moves, what is there stays, and more comes only where the window reaches beyond it. */
  follow(box) {
    if (!this.isOn || !this.size?.width || !this.shown) return;
    const scale = this.measure(box);
    if (within(this.seen, this.shown)) return;
    const isFarther = scale < this.origin.scale * 0.8;
    const around = isFarther ? this.size.width / 2 : AROUND_PX;
    this.shown = joined(this.shown, grown(this.seen, around / scale, around / scale));
    this.bound();
    for (const part of this.parts.filter(({ box: place }) => overlap(place, this.shown))) {
      if (isFarther) part.showOutline();
      else part.show(true);
    }
  }

  /** Nothing is painted further from the window than what is shown, in pixels of the drawing as it was drawn. */
  bound() {
    const { left, top, right, bottom, scale } = this.origin;
    const { shown } = this;
    const margin = Math.max(left - shown.left, top - shown.top, shown.right - right, shown.bottom - bottom) * scale;
    this.svg.parentElement.style.overflowClipMargin = `${Math.ceil(margin)}px`;
  }

  /** The part of the drawing that fills the window, the view box and the room beside it; gives pixels for a unit. */
  measure(box) {
    const scale = Math.min(this.size.width / box.width, this.size.height / box.height);
    const [width, height] = [this.size.width / scale, this.size.height / scale];
    const left = box.x - (width - box.width) / 2;
    const top = box.y - (height - box.height) / 2;
    this.seen = { left, top, right: left + width, bottom: top + height };
    return scale;
  }

  /** Leaves out texts of these sizes. */
  omit(unread) {
    if (unread !== this.unread) this.svg.dataset.unread = this.unread = unread;
  }

  /** Does `work` with every text in place, as for a file that can be zoomed into. */
  withTexts(work) {
    if (!this.isOn) return work();
    this.panZoom.settle();
    const { unread } = this;
    this.fill();
    this.place(false);
    this.omit("");
    try {
      return work();
    } finally {
      this.omit(unread);
      this.place(unread.includes("all"));
    }
  }

  /** What the keyboard comes to outside the window is brought into its middle. */
  reveal(target) {
    const part = this.isOn && target.matches(":focus-visible") && this.parts.find(({ root }) => root === target);
    if (!part) return;
    const { left, top, right, bottom } = part.box;
    const at = { x: (left + right) / 2, y: (top + bottom) / 2 };
    if (!overlap({ left: at.x, right: at.x, top: at.y, bottom: at.y }, this.seen)) this.panZoom.centre(at);
  }
}

class Part {
  constructor(view, box) {
    Object.assign(this, { view, root: view.root, box, isShown: true, isSeen: true, isFar: false });
  }

  show(isShown) {
    if (this.isComing) this.root.classList.toggle("coming", (this.isComing = false));
    if (isShown === this.isShown) return;
    this.isShown = isShown;
    this.root.classList.toggle("culled", !isShown);
  }

  place(isFar) {
    if (isFar !== this.isFar) this.root.classList.toggle("far", (this.isFar = isFar));
  }

  /** Card or line without a word, until the picture rests: to set texts takes longer than a frame. */
  showOutline() {
    if (!this.isShown && !this.isComing) this.root.classList.toggle("coming", (this.isComing = true));
  }
}

function sizeOf({ clientWidth, clientHeight }) {
  return { width: clientWidth, height: clientHeight };
}

function cardBox({ x, y, width, height }) {
  return { left: x, top: y, right: x + width, bottom: y + height };
}

/** A curve stays within its control points; its labels stand beside it. */
function lineBox(line) {
  const numbers = numbersIn(line.getAttribute("d"));
  const [xs, ys] = [0, 1].map((odd) => numbers.filter((_, i) => i % 2 === odd));
  const [left, top] = [xs, ys].map((side) => Math.min(...side));
  const [right, bottom] = [xs, ys].map((side) => Math.max(...side));
  return grown({ left, top, right, bottom }, LABEL, LABEL);
}

function numbersIn(text) {
  return text.match(/-?\d[\d.]*/g).map(Number);
}

function grown({ left, top, right, bottom }, x, y) {
  return { left: left - x, top: top - y, right: right + x, bottom: bottom + y };
}

function joined(a, b) {
  const [left, top] = ["left", "top"].map((side) => Math.min(a[side], b[side]));
  const [right, bottom] = ["right", "bottom"].map((side) => Math.max(a[side], b[side]));
  return { left, top, right, bottom };
}

function within(a, b) {
  return a.left >= b.left && a.top >= b.top && a.right <= b.right && a.bottom <= b.bottom;
}

function overlap(a, b) {
  return a.left <= b.right && b.left <= a.right && a.top <= b.bottom && b.top <= a.bottom;
}
