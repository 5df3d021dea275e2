// Search in a graph by name, module, operation and line of source: Enter selects match after match.

import { button, element, setText } from "../../browser/shell/dom.js";

export default class SearchView {
  constructor(section, { graph }) {
    Object.assign(this, { graph, texts: [], matches: [] });
    const label = "Search by name, module, operation or code";
    const properties = { "aria-label": label, title: label, placeholder: "Search", autocomplete: "off" };
    this.field = element("input", { type: "search", ...properties });
    this.field.spellcheck = false;
    this.field.addEventListener("input", () => this.find());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.count = element("span", { className: "count", role: "status" });
    this.steps = [["‹", "Previous match", -1], ["›", "Next match", 1]].map(([sign, name, by]) => {
      return button(sign, { "aria-label": name, title: name, disabled: true }, () => this.step(by));
    });
    const parts = [this.field, ...this.steps, this.count];
    this.root = element("div", { className: "search-view", role: "search" }, parts);
    section.append(this.root);
  }

  close() {}

  update({ graph: { view } }, { nodes }) {
    this.selected = view.node;
    if (nodes === this.nodes) return this.say();
    this.nodes = nodes;
    this.texts = nodes.map((texts) => texts.filter((text) => text !== null).join("\n").toLowerCase());
    return this.find();
  }

  find() {
    const words = this.field.value.trim().toLowerCase();
    const isMatch = (_, place) => this.texts[place].includes(words);
    this.matches = words ? this.nodes.filter(isMatch).map(([id]) => id) : [];
    for (const one of this.steps) one.disabled = !this.matches.length;
    this.graph.match(this.matches);
    this.say();
  }

  /** Which match is selected, of how many. */
  say() {
    const { length } = this.matches;
    const at = this.matches.indexOf(this.selected) + 1;
    const found = at ? `${at} of ${length}` : `${length} found`;
    setText(this.count, this.field.value.trim() ? found : "");
  }

  key(event) {
    if (event.key !== "Enter") return;
    event.preventDefault();
    this.step(event.shiftKey ? -1 : 1);
  }

  step(by) {
    const { length } = this.matches;
    if (!length) return;
    const at = this.matches.indexOf(this.graph.view.node);
    const next = at < 0 ? (by > 0 ? 0 : length - 1) : (at + by + length) % length;
    this.graph.change({ node: this.matches[next] });
  }
}
