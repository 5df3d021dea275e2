// The graph as a table: the same names and numbers for those who do not see it, or like it better.

const HEADS = ["node", "computes", "torch's name", "value", "gradient", "passes on to"];

export class Table {
  constructor(root) {
    this.root = root;
  }

  attach(nodes, edges) {
    this.nodes = nodes;
    this.edges = edges;
    const head = row("th", HEADS);
    head.querySelectorAll("th").forEach((cell) => cell.setAttribute("scope", "col"));
    this.rows = nodes.map(() => row("td", HEADS));
    const table = document.createElement("table");
    const caption = table.createCaption();
    caption.textContent = "The backward graph, from the inputs to the result";
    table.createTHead().append(head);
    table.createTBody().append(...this.rows);
    this.root.replaceChildren(table);
    this.fill();
  }

  /** Only while it is shown. */
  fill() {
    if (this.root.hidden || !this.nodes) return;
    this.nodes.forEach((node, i) => {
      const { node: id, op, called } = node.root.dataset;
      const passed = this.edges.filter((edge) => edge.root.dataset.from === id);
      const texts = [id, called, op, node.value.data, node.grad.data, passed.map(flow).join("; ")];
      texts.forEach((text, column) => {
        const cell = this.rows[i].cells[column];
        if (cell.textContent !== text) cell.textContent = text;
      });
    });
  }
}

function flow({ root: { dataset }, flow }) {
  return `${dataset.to}: ${dataset.grad === "None" ? "nothing" : flow.data}`;
}

function row(kind, texts) {
  const line = document.createElement("tr");
  line.append(...texts.map((text) => Object.assign(document.createElement(kind), { textContent: text })));
  return line;
}
