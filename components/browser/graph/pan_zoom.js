// Pan and zoom of one svg by its viewBox: Ctrl + wheel, drag, pinch.

import { isPresenting } from "../shell/dom.js";
import { typeScale } from "../shell/type_size.js";

const LARGEST_SCALE = 4;
const LARGEST_FIT = { page: 1.7, screen: 2.6 }; // a graph of three nodes is no poster
const READABLE = 20.1 / 13; // on a projector a drawing's smallest text, 13 units high, takes 20 pixels at least
const DRAG_PX = 4;
const SEEN_PX = 1.5; // of a card's height
const LEAST_PX = 12; // of a card's height that can be told from its neighbours
const LEAST_IN_ROWS_PX = 24; // of one that a visitor was led to
const LEAST_HANDLE_PX = 5;
const CLOSE = 0.9;
const TURN = { pixel: 0.01, line: 0.1, most: 0.25 }; // a touch pad's pinch comes as 100 pixels for each ln(scale)
const MOST_STRETCHED = { larger: 24, smaller: 1 / 3 };
const REST_MS = 220;
const SURE_MS = 40;

export class PanZoom {
  constructor(window) {
    this.window = window;
    this.svg = null;
    this.pointers = new Map();
    this.moved = false;
    this.listeners = [];
    this.settled = [];
    window.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    window.addEventListener("touchmove", keepFromBrowser, { passive: false });
    window.addEventListener("pointerdown", (event) => this.down(event));
    window.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
      window.addEventListener(end, (event) => this.pointers.delete(event.pointerId));
    }
  }

  /**
   * Shows all of a new drawing; with an `anchor` (an element of it) so that its middle is at the client point. Rows are
   * broken anew, and stand elsewhere: there the anchor is brought into view. Where the card `first` could not be seen,
   * the drawing is begun there, closer.
   */
  attach(svg, { anchor = null, client = null, first = null }) {
    this.svg = svg;
    this.sheet = svg.parentElement;
    const { x, y, width, height } = svg.viewBox.baseVal;
    this.drawn = { x, y, width, height };
    this.held = null;
    this.revealed = null;
    const parts = [...svg.children];
    svg.replaceChildren(); // to ask for the window's size would lay out all of them, and then once more
    this.fit();
    if (first && first.height * this.scale < SEEN_PX) this.lookCloser(middleOf(first));
    svg.append(...parts);
    if (!this.isReadable) this.fit(); // where it begins is told by its cards
    if (!anchor) return;
    if (this.isInRows) return this.lookWithin(anchor);
    const box = anchor.getBoundingClientRect();
    this.slide({ clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 }, client);
  }

  /** Whether the drawing goes on in rows, as text does. */
  get isInRows() {
    return this.svg.classList.contains("rows");
  }

  /** Calls `listener(box)` whenever the drawing is drawn anew, not at every move of a picture of many nodes. */
  onSettled(listener) {
    this.settled.push(listener);
  }

  /** Calls `listener(box, isPart)` whenever another part of the drawing is shown. */
  onView(listener) {
    this.listeners.push(listener);
  }

  /**
   * Shows all of the drawing, with room around a small one; on a projector no more than can be read, from the left.
   * The width comes first: a window's height may follow it.
   */
  fit() {
    const place = document.documentElement.classList.contains("graph-fills") ? "screen" : "page";
    const largest = typeScale() * LARGEST_FIT[place];
    this.whole = grown(this.drawn, "x", "width", this.window.clientWidth / largest);
    this.show({ ...this.whole });
    this.whole = grown(this.whole, "y", "height", this.window.clientHeight / largest);
    this.isReadable = !this.needsMore();
    if (this.isReadable) return this.show({ ...this.whole });
    const seen = this.window.clientHeight / READABLE;
    this.show({ x: this.whole.x, y: this.top(seen), width: this.window.clientWidth / READABLE, height: seen });
    if (this.revealed?.isConnected) this.reveal(this.revealed);
  }

  /** Where a part of this height begins: at the upper end, or lower where it is to show the first card. */
  top(seen) {
    const { y, height } = this.whole;
    if (height < seen) return y - (seen - height) / 2;
    const first = firstCard(this.svg);
    if (!first || first.y + first.height <= y + seen) return y;
    return Math.min(first.y + (first.height - seen) / 2, y + height - seen);
  }

  /** Whether the whole drawing would be too small for a projector; a drawing made for one never is. */
  needsMore() {
    return isPresenting() && !this.svg.classList.contains("projected") && this.scale < READABLE;
  }

  /** Pixels that a unit of the whole drawing takes. */
  get scale() {
    const { clientWidth, clientHeight } = this.window;
    return Math.min(clientWidth / this.whole.width, clientHeight / this.whole.height);
  }

  /** The window has another size. */
  resized() {
    if (this.svg && !(this.isPart() && this.isReadable)) this.fit();
  }

  /** Where only a part of the drawing is shown, an element of it comes into that part. */
  reveal(element) {
    this.revealed = element;
    if (!this.isPart()) return;
    const [around, box] = [this.window, element].map((one) => one.getBoundingClientRect());
    const isSeen = box.left >= around.left && box.right <= around.right
      && box.top >= around.top && box.bottom <= around.bottom;
    const middle = { clientX: (box.left + box.right) / 2, clientY: (box.top + box.bottom) / 2 };
    if (!isSeen) this.jump(this.around(this.toDrawing(middle)));
  }

  /** Brings an element into view, and closer where it would be too small to be seen there. */
  lookAt(element, least = this.isInRows ? LEAST_IN_ROWS_PX : LEAST_PX) {
    const { left, right, top, bottom, height } = element.getBoundingClientRect();
    if (height >= least) return this.reveal(element);
    return this.lookCloser(this.toDrawing({ clientX: (left + right) / 2, clientY: (top + bottom) / 2 }));
  }

  /** Looks at a point of the drawing so that cards can be read. */
  lookCloser(at) {
    const [width, height] = [this.window.clientWidth / CLOSE, this.window.clientHeight / CLOSE];
    this.jump({ x: at.x - width / 2, y: at.y - height / 2, width, height });
  }

  /** The same for a handle, without room beside the drawing where there is more of it. */
  lookWithin(handle) {
    this.lookAt(handle, LEAST_HANDLE_PX);
    if (!this.isPart()) return;
    const at = (side, size) => {
      const most = this.drawn[side] + Math.max(0, this.drawn[size] - this.box[size]);
      return Math.min(Math.max(this.box[side], this.drawn[side]), most);
    };
    this.show({ ...this.box, x: at("x", "width"), y: at("y", "height") });
  }

  /** Zooms by `factor`, keeping what is at the client point (the middle, if none) where it is. */
  zoom(factor, client = this.middle()) {
    const { x, y, width, height } = this.box;
    const closest = Math.min(this.window.clientWidth / LARGEST_SCALE, this.whole.width);
    const scale = Math.max(width / factor, closest) / width;
    if (scale * width >= this.whole.width) return this.fit();
    const at = this.toDrawing(client);
    const [left, top] = [at.x - (at.x - x) * scale, at.y - (at.y - y) * scale];
    this.show({ x: left, y: top, width: width * scale, height: height * scale });
  }

  show(box) {
    this.box = box;
    if (this.svg.classList.contains("many")) this.glide();
    else this.settle();
    this.tell(box);
  }

  /** Shows something elsewhere, sharp at once: what moves there moves no further. */
  jump(box) {
    this.box = box;
    this.settle();
    this.tell(box);
  }

  tell(box) {
    for (const listener of this.listeners) listener(box, this.isPart());
  }

  /** Moves the sheet with the picture as it is: another view box, or a transform of the svg, sets every text anew. */
  glide() {
    const { held, box } = this;
    const stretch = held ? held.width / box.width : 0;
    if (stretch > MOST_STRETCHED.larger || stretch < MOST_STRETCHED.smaller) return this.settle();
    const { clientWidth, clientHeight } = this.window;
    const scale = Math.min(clientWidth / box.width, clientHeight / box.height);
    const dx = held.x + held.width / 2 - box.x - box.width / 2;
    const dy = held.y + held.height / 2 - box.y - box.height / 2;
    this.sheet.style.transform = `translate(${dx * scale}px, ${dy * scale}px) scale(${stretch})`;
    if (!this.isGliding) this.window.classList.add("gliding");
    this.isGliding = true;
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.settleSoon(), REST_MS);
  }

  /** After a busy moment, moves that have waited all the while come first. */
  settleSoon() {
    this.rest = setTimeout(() => this.settle(), SURE_MS);
  }

  /** Draws what is shown as sharp as it can be. */
  settle() {
    clearTimeout(this.rest);
    const { x, y, width, height } = (this.held = this.box);
    const viewBox = `${x} ${y} ${width} ${height}`;
    if (this.svg.getAttribute("viewBox") !== viewBox) this.svg.setAttribute("viewBox", viewBox); // sets every text anew
    this.sheet.style.transform = "";
    this.window.classList.remove("gliding");
    this.window.classList.toggle("zoomed", this.isPart()); // costs a look at every part's style
    this.isGliding = false;
    for (const listener of this.settled) listener(this.box);
  }

  /** Looks at the point `at` of the drawing. */
  centre(at) {
    this.show(this.around(at));
  }

  /** What is seen now, with this point in its middle. */
  around(at) {
    const { width, height } = this.box;
    return { x: at.x - width / 2, y: at.y - height / 2, width, height };
  }

  isPart() {
    const { x, y, width, height } = this.whole;
    return this.box.x !== x || this.box.y !== y || this.box.width < width || this.box.height < height;
  }

  wheel(event) {
    event.preventDefault(); // with Ctrl the browser would zoom the page
    if (!this.svg) return;
    const turned = -event.deltaY * (event.deltaMode ? TURN.line : TURN.pixel);
    this.zoom(Math.exp(Math.min(Math.max(turned, -TURN.most), TURN.most)), event);
  }

  down(event) {
    this.pointers.set(event.pointerId, { clientX: event.clientX, clientY: event.clientY });
    this.start = { clientX: event.clientX, clientY: event.clientY };
    this.moved = false;
  }

  move(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before || !this.svg) return;
    if (!this.moved && distance(this.start, event) > DRAG_PX) {
      this.moved = true;
      this.window.setPointerCapture(event.pointerId);
    }
    const others = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    if (others.length) this.pinch(others[0], before, event);
    else if (this.moved) this.pan(before, event);
    this.pointers.set(event.pointerId, { clientX: event.clientX, clientY: event.clientY });
  }

  /** Two fingers zoom, and take along what is between them. */
  pinch(other, from, to) {
    this.pan(between(other, from), between(other, to));
    this.zoom(distance(other, to) / Math.max(distance(other, from), 1), between(other, to));
  }

  pan(from, to) {
    if (this.isPart()) this.slide(from, to);
  }

  slide(from, to) {
    const a = this.toDrawing(from);
    const b = this.toDrawing(to);
    this.show({ ...this.box, x: this.box.x + a.x - b.x, y: this.box.y + a.y - b.y });
  }

  /** The point of the drawing that is shown at a client point, whether it is drawn there already or not. */
  toDrawing({ clientX, clientY }) {
    const { left, top, width, height } = this.window.getBoundingClientRect();
    const { box } = this;
    const scale = Math.min(width / box.width, height / box.height);
    return {
      x: box.x + box.width / 2 + (clientX - left - width / 2) / scale,
      y: box.y + box.height / 2 + (clientY - top - height / 2) / scale,
    };
  }

  middle() {
    const { left, top, width, height } = this.window.getBoundingClientRect();
    return { clientX: left + width / 2, clientY: top + height / 2 };
  }
}

/** Two fingers are not for the browser; with one the page is scrolled. */
function keepFromBrowser(event) {
  if (event.touches.length > 1) event.preventDefault();
}

/** The card that is nearest to the upper left corner. */
function firstCard(svg) {
  const boxOf = (card) => Object.fromEntries(["x", "y", "height"].map((name) => [name, +card.getAttribute(name)]));
  const boxes = [...svg.querySelectorAll(".node > .card")].map(boxOf);
  return boxes.toSorted((one, other) => one.x + one.y - other.x - other.y)[0];
}

/** The box, at least as long as `least` along one side, with its middle where it was. */
function grown(box, start, side, least) {
  const more = Math.max(least - box[side], 0);
  return { ...box, [start]: box[start] - more / 2, [side]: box[side] + more };
}

function middleOf({ x, y, width, height }) {
  return { x: x + width / 2, y: y + height / 2 };
}

function distance(a, b) {
  return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
}

function between(a, b) {
  return { clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 };
}
