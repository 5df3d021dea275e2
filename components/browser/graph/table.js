// The graph as a table: the same names and numbers for those who do not see it, or like it better.

import { element, setText } from "../shell/dom.js";

const HEADS = ["node", "computes", "torch's name", "value", "gradient", "passes on to"];

export class Table {
  constructor(root) {
    this.root = root;
  }

  attach(nodes, edges) {
    Object.assign(this, { nodes, edges, rows: null });
    this.fill();
  }

  /** Shows or hides it; whether it is shown now. */
  toggle() {
    this.root.hidden = !this.root.hidden;
    this.fill();
    return !this.root.hidden;
  }

  build() {
    this.rows = this.nodes.map(() => row("td"));
    this.root.replaceChildren(element("table", {}, [
      element("caption", { textContent: "The backward graph, from the inputs to the result" }),
      element("thead", {}, [row("th", { scope: "col" }, HEADS)]),
      element("tbody", {}, this.rows),
    ]));
  }

  /** Only while it is shown. */
  fill() {
    if (this.root.hidden || !this.nodes) return;
    if (!this.rows) this.build();
    this.nodes.forEach((node, i) => {
      const { node: id, op, called } = node.root.dataset;
      const passed = this.edges.filter((edge) => edge.root.dataset.from === id);
      const texts = [id, called, op, node.texts.value, node.texts.grad, passed.map(flow).join("; ")];
      texts.forEach((text, column) => setText(this.rows[i].cells[column], text));
    });
  }
}

function flow({ root: { dataset }, text }) {
  return `${dataset.to}: ${dataset.grad === "None" ? "nothing" : text}`;
}

function row(kind, properties = {}, texts = HEADS.map(() => "")) {
  return element("tr", {}, texts.map((textContent) => element(kind, { textContent, ...properties })));
}
