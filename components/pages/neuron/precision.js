// The drawer for what precision is about: the dtype, four answers for each gradient, how far to trust them.

import { element } from "../../browser/shell/dom.js";

const CHOSEN_HERE = ["dtype", "h"];
const PARTS_HERE = ["by-hand", "opinions"];

/** Closed at first; open where an address says so, or has chosen something that stands in it. */
export default class Precision {
  constructor(section, { line, skeleton }) {
    Object.assign(this, { line, defaults: skeleton.defaults, said: null });
    this.dtype = element("select", { name: "dtype", "aria-label": "dtype" });
    this.dtype.addEventListener("change", () => line.change({ dtype: this.dtype.value }, true));
    const choice = element("label", { className: "choice" }, ["computed in ", this.dtype]);
    this.place = element("div", { className: "place" });
    this.root = element("details", { className: "panel precision" }, [summary(), choice, this.place]);
    this.root.addEventListener("toggle", () => this.toggled());
    section.append(this.root);
  }

  close() {}

  update({ values, hidden = [] }, { controls }) {
    this.root.hidden = PARTS_HERE.every((name) => hidden.includes(name));
    this.offer(controls.choices.find(({ name }) => name === "dtype"));
    if (this.line.isAhead) return;
    this.dtype.value = values.dtype;
    if (this.said !== values.precision) this.show(values);
  }

  offer({ options }) {
    if (this.offered === options) return;
    this.offered = options;
    this.dtype.replaceChildren(...options.map(([value, textContent]) => element("option", { value, textContent })));
  }

  /** What the address says; of a link without a word on it, whether there is something to see. */
  show(values) {
    const isAddressed = this.said === null && CHOSEN_HERE.some((name) => values[name] !== this.defaults[name]);
    this.said = values.precision;
    this.isShown = values.precision || isAddressed;
    this.root.open = this.isShown;
  }

  toggled() {
    if (this.root.open === this.isShown) return;
    this.isShown = this.said = this.root.open;
    this.line.change({ precision: this.root.open }, true);
  }
}

function summary() {
  const about = element("span", { className: "about", textContent: "dtype, four answers for each gradient, step h" });
  return element("summary", {}, ["Precision ", about]);
}
