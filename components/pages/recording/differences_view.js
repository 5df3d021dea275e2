// What differs between two recordings: how many nodes in which way, and a list, the largest changes first.

import { button, element } from "../../browser/shell/dom.js";
import { PREFIX } from "./beside_view.js";

const PHONE_PX = 860;

export default class DifferencesView {
  constructor(section, { graph }) {
    Object.assign(this, { graph, shown: null, page: section.parentElement });
    this.counts = element("ul", { className: "counts" });
    this.list = element("ol", { className: "entries" });
    this.more = element("p", { className: "more" });
    const title = element("h2", { textContent: "What differs, from A to B" });
    const parts = [element("header", {}, [title, this.counts]), this.list, this.more];
    this.root = element("section", { className: "differences-view panel", "aria-label": "What differs" }, parts);
    section.append(this.root);
  }

  close() {}

  update({ graph: { view } }, { differences }) {
    this.root.hidden = !differences;
    if (!differences) return;
    if (this.shown !== differences) this.build(differences);
    this.shown = differences;
    for (const one of this.buttons) one.setAttribute("aria-pressed", String(one.dataset.entry === view.node));
  }

  build({ counts, entries, more }) {
    this.counts.replaceChildren(...counts.map((count) => element("li", { translate: false }, [this.count(count)])));
    this.entries = entries;
    this.buttons = entries.map((entry) => this.entry(entry));
    this.list.replaceChildren(...this.buttons.map((one) => element("li", {}, [one])));
    this.list.hidden = !entries.length;
    this.more.textContent = more ? `and ${more.toLocaleString("en")} more` : "";
  }

  /** How many nodes differ in one way; a click selects the next of them. */
  count([kind, sign, text]) {
    const one = button("", { className: "count", disabled: kind === "same" }, () => this.step(sign, kind));
    one.append(pill(kind, sign), element("span", { textContent: text }));
    return one;
  }

  step(sign, kind) {
    const nodes = this.entries.filter((one) => one.kind === kind && (kind !== "only" || one.sign === sign));
    const at = nodes.findIndex(({ node }) => node === this.graph.view.node);
    if (nodes.length) this.select(nodes[(at + 1) % nodes.length].node);
  }

  /** Selects a node, and comes to its graph where the list stands below both; on a phone the first does so itself. */
  select(node) {
    this.graph.change({ node });
    const graph = node.startsWith(PREFIX) ? ".beside-view" : innerWidth > PHONE_PX ? "[data-part=graph]" : "";
    if (graph) this.page.querySelector(graph)?.scrollIntoView({ block: "nearest" });
  }

  entry({ kind, sign, node, name, where, says }) {
    const properties = { className: "entry", "data-entry": node, translate: false };
    const one = button("", properties, () => this.select(node));
    one.append(
      pill(kind, sign),
      element("span", { className: "name", textContent: name }),
      element("span", { className: "where", textContent: where }),
      element("span", { className: "text", textContent: says }),
    );
    return one;
  }
}

/** The sign as it stands at a node, too. */
function pill(kind, sign) {
  return element("span", { className: `difference-pill ${kind}`, textContent: sign });
}
