// A second state beside the first: its numbers, and its graph to look at.

import { Drawing } from "../../browser/graph/drawing.js";
import { placesIn } from "../../browser/readouts/readouts.js";
import { fromHtml, setText } from "../../browser/shell/dom.js";
import { typeScale } from "../../browser/shell/type_size.js";

const UPRIGHT_PX = 430;

export default class Beside {
  constructor(section, { part }) {
    Object.assign(this, { section, html: part.html, root: null, width: 0 });
    this.resize = new ResizeObserver(([{ contentRect }]) => this.resized(contentRect));
    this.resize.observe(section);
  }

  close() {
    this.resize.disconnect();
  }

  resized({ width }) {
    this.width = width;
    if (this.message) this.update(this.message, this.structure);
  }

  /** Nothing stands there without a second state, and while the walk still covers the first. */
  update(message, structure) {
    Object.assign(this, { message, structure });
    this.section.hidden = !message.beside;
    if (!message.beside) return this.clear();
    if (!this.root) this.build();
    setText(this.root.querySelector("h2"), message.beside.title);
    for (const place of this.places) place.update(message, structure);
    this.draw(structure.beside, message.beside.graph);
  }

  build() {
    this.root = this.section.appendChild(fromHtml(this.html));
    this.frame = this.root.querySelector(".frame");
    this.drawing = new Drawing(this.root.querySelector(".window"), this.frame);
    this.places = placesIn(this.root);
    this.drawn = null;
  }

  clear() {
    this.root?.remove();
    this.root = null;
  }

  draw(drawings, graph) {
    const direction = this.width < UPRIGHT_PX * typeScale() ? "TB" : "LR";
    const drawn = drawings[direction];
    if (drawings.error) return this.drawing.fail(drawings.error);
    if (this.drawn !== drawn) {
      this.drawn = drawn;
      this.frame.dataset.direction = direction;
      this.drawing.draw(drawn);
    }
    this.frame.dataset.mode = graph.view.arrows;
    this.drawing.paint(graph);
  }
}
