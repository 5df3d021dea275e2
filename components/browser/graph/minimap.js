// The whole graph in a corner while only a part of it fills the window; drag in it to look elsewhere.

import { element, svgElement } from "../shell/dom.js";

const PADDING = 3;

export class Minimap {
  constructor(root, panZoom) {
    this.root = root;
    root.classList.add("away");
    this.panZoom = panZoom;
    this.seen = element("div", { className: "seen" });
    panZoom.onView((box, isPart) => this.show(box, isPart));
    this.resize = new ResizeObserver(([{ contentRect }]) => this.resized(contentRect)); // to ask lays out the drawing
    this.resize.observe(root);
    root.addEventListener("pointerdown", (event) => this.look(event));
    root.addEventListener("pointermove", (event) => event.buttons && this.look(event));
  }

  attach(nodes) {
    Object.assign(this, { nodes, svg: null, levels: null, key: null, matches: [], width: null, height: null });
    this.show(this.panZoom.box, this.panZoom.isPart());
  }

  close() {
    this.resize.disconnect();
  }

  resized(size) {
    if (!size.width) return;
    Object.assign(this, { size, width: null, height: null });
    if (this.nodes) this.show(this.panZoom.box, this.panZoom.isPart());
  }

  draw() {
    const { x, y, width, height } = this.panZoom.whole;
    this.svg = svgElement("svg", { viewBox: `${x} ${y} ${width} ${height}` });
    this.cards = this.nodes.map(outline);
    this.root.replaceChildren(this.svg, this.seen);
    this.fill();
  }

  /** Takes over the cards' colours: their levels on a scale, or none. */
  colour(levels = null) {
    const key = JSON.stringify(levels);
    if (key === this.key) return;
    Object.assign(this, { key, levels });
    if (this.svg) this.fill();
  }

  /** Takes over the cards that a search has found. */
  match(nodes) {
    if (nodes === this.matches) return;
    this.matches = nodes;
    if (this.svg) this.fill();
  }

  /** One path for all cards of a level: thousands of rectangles would be looked at when this corner comes or goes. */
  fill() {
    const paths = new Map();
    this.cards.forEach((card, i) => {
      const level = this.levels?.[i] ?? null;
      paths.set(level, (paths.get(level) ?? "") + card);
    });
    this.svg.replaceChildren(...[...paths].map(([level, d]) => {
      return svgElement("path", { class: "card", d, ...(level !== null && { "data-level": level }) });
    }));
    const found = this.matches.map(outline).join("");
    if (found) this.svg.append(svgElement("path", { class: "card match", d: found }));
  }

  /** The frame is not part of the small drawing, which is painted once. */
  show(box, isPart) {
    this.root.classList.toggle("away", !isPart);
    if (!isPart || !this.nodes || !this.size) return;
    if (!this.svg) this.draw();
    const { scale, left, top } = this.place();
    const { style } = this.seen;
    style.transform = `translate(${left + box.x * scale}px, ${top + box.y * scale}px)`;
    for (const side of ["width", "height"]) {
      if (this[side] !== box[side]) style[side] = `${(this[side] = box[side]) * scale}px`;
    }
  }

  /** Where the drawing's origin is in this corner, and how many pixels one of its units takes. */
  place() {
    const { x, y, width, height } = this.panZoom.whole;
    const scale = Math.min(this.size.width / width, this.size.height / height);
    const [left, top] = [this.size.width / 2 + PADDING, this.size.height / 2 + PADDING];
    return { scale, left: left - (x + width / 2) * scale, top: top - (y + height / 2) * scale };
  }

  look({ clientX, clientY }) {
    const { left, top } = this.root.getBoundingClientRect();
    const at = this.place();
    this.panZoom.centre({ x: (clientX - left - at.left) / at.scale, y: (clientY - top - at.top) / at.scale });
  }
}

function outline({ box: { x, y, width, height } }) {
  return `M${x} ${y}h${width}v${height}h-${width}z`;
}
