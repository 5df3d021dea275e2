// What is written on the parts of a large drawing, put in place when it can be read.

import { svgElement } from "../shell/dom.js";

export class Labels {
  /** `markups` are texts around a place, `nodes` and `edges` say which of them stand on each, and on an edge where. */
  constructor({ markups, nodes, edges }) {
    Object.assign(this, { markups, nodes, edges, made: [] });
  }

  /** Gives what stands on a node. */
  ofNode(number) {
    return (root) => {
      const card = root.querySelector(".card");
      return [this.copy(this.nodes[number], card.getAttribute("x"), card.getAttribute("y"))];
    };
  }

  /** Gives what stands at an edge's line, and where that is. */
  ofEdge(number) {
    const [, x, y] = this.edges[number];
    return { x, y, make: () => this.copy(...this.edges[number]) };
  }

  copy(number, x, y) {
    const made = (this.made[number] ??= this.make(this.markups[number]));
    const copied = made.cloneNode(true);
    copied.setAttribute("transform", `translate(${x} ${y})`);
    return copied;
  }

  /** The server's own: it carries no visitor's markup. */
  make(markup) {
    const made = svgElement("g", { class: "labels" });
    made.innerHTML = markup;
    return made;
  }
}
