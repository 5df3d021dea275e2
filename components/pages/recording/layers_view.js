// Where a gradient vanishes: a bar for each layer, from the first one on, or all that has a name as a table.

import { button, element, setText } from "../../browser/shell/dom.js";
import { NamesTable, pathOf } from "./names_table.js";

const VIEWS = [["bars", "Bars"], ["names", "Table"]];
const ARRIVING = "arriving at its result";
const KINDS = [["kept", ""], ["arriving", ARRIVING]];
const ORDER = "The first layer stands on top; the scale is logarithmic.";
const LENGTH = "--length";

export default class LayersView {
  constructor(section, { line, graph }) {
    Object.assign(this, { line, graph, view: "bars", kind: "kept" });
    const look = (node) => node && graph.change({ node });
    this.views = segments("What is shown", VIEWS, (name) => this.open(name));
    this.kinds = segments("Which gradient", KINDS, (name) => this.show({ kind: name }));
    this.title = element("h2", { textContent: "Gradient size by layer" });
    const bar = element("div", { className: "bar" }, [this.title, this.views, this.kinds]);
    this.caption = element("caption");
    this.ticks = element("td", { className: "ticks" });
    this.body = element("tbody");
    const axis = element("tr", { "aria-hidden": "true" }, [element("td"), this.ticks, element("td")]);
    const head = element("thead", {}, [axis]);
    this.table = element("table", { className: "bars" }, [this.caption, head, this.body]);
    this.body.addEventListener("click", ({ target }) => look(this.nodeAt(target.closest("tr"))));
    this.names = new NamesTable(look);
    this.more = element("p", { className: "more" });
    const label = { tabIndex: 0, role: "region", "aria-label": "Layers and names" };
    this.place = element("div", { className: "place", ...label }, [this.table, this.names.root, this.more]);
    this.root = element("section", { className: "layers-view panel", "aria-label": "Layers" }, [bar, this.place]);
    section.append(this.root);
  }

  close() {}

  update({ layers, graph }) {
    this.root.hidden = !layers;
    if (!layers) return;
    this.selected = graph.view.node;
    const text = JSON.stringify(layers);
    if (text !== this.text) {
      this.layers = layers;
      this.names.fill(layers.names ?? []);
      this.fill();
    }
    this.text = text;
    this.mark();
  }

  /** The table is sent where it is open. */
  open(view) {
    this.line.submit({ open: view === "names" ? [view] : [] });
    this.show({ view });
  }

  show(change) {
    Object.assign(this, change);
    this.fill();
    this.mark();
  }

  fill() {
    const { keeps, more, unlisted } = this.layers;
    const isBars = this.view === "bars";
    const kept = keeps ? ".grad of its parameters" : "gradient of its parameters";
    setText(this.kinds.firstChild, kept);
    press(this.views, this.view);
    press(this.kinds, this.kind);
    setText(this.title, isBars ? "Gradient size by layer" : "Parameters and named tensors");
    this.kinds.hidden = this.table.hidden = !isBars;
    this.names.root.hidden = isBars;
    const left = isBars ? more : unlisted;
    setText(this.more, left ? `and ${left.toLocaleString("en")} more, not shown` : "");
    const what = this.kind === "kept" ? kept : `gradient ${ARRIVING}`;
    setText(this.caption, `The largest entry, without its sign, of the ${what}. ${ORDER}`);
    this.draw(this.layers[this.kind]);
  }

  draw({ bars, ticks }) {
    this.shown = bars;
    this.body.replaceChildren(...bars.map(rowOf));
    this.ticks.replaceChildren(...ticks.map(([at, textContent]) => {
      const tick = element("span", { textContent, className: at === 1 ? "end" : "" });
      tick.style.setProperty(LENGTH, at);
      return tick;
    }));
    if (!bars.length) this.body.append(element("tr", {}, [element("td", { textContent: "No leaf is in this pass." })]));
  }

  nodeAt(row) {
    return this.shown[[...this.body.children].indexOf(row)]?.node;
  }

  /** Which bar, or row, is that of the selected node. */
  mark() {
    this.shown.forEach(({ node }, i) => {
      const isSelected = String(node !== "" && node === this.selected);
      this.body.children[i].querySelector("button").setAttribute("aria-pressed", isSelected);
    });
    this.names.mark(this.selected);
  }
}

function rowOf({ name, size, text, exact }) {
  const bar = element("div", { className: "length" });
  if (size !== null) bar.style.setProperty(LENGTH, size);
  const measure = element("td", { className: "measure" }, size === null ? [] : [bar]);
  const said = { className: size === null ? "word" : "number", title: exact, "data-value": exact, textContent: text };
  const number = element("td", said);
  const head = element("th", { scope: "row" }, [pathOf(name)]);
  return element("tr", {}, [head, measure, number]);
}

function segments(label, entries, choose) {
  const made = element("div", { className: "segments", role: "group", "aria-label": label });
  made.append(...entries.map(([name, text]) => button(text, { "data-name": name }, () => choose(name))));
  return made;
}

function press(group, chosen) {
  for (const one of group.children) one.setAttribute("aria-pressed", String(one.dataset.name === chosen));
}
