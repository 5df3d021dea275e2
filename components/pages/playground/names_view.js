// Every tensor and number that the program leaves: value, gradient, and what it is.

import { element, setText } from "../../browser/shell/dom.js";
import { COVERED } from "../../browser/readouts/readouts.js";

const COLUMNS = ["name", "value", ".grad", "what it is"];

export default class NamesView {
  constructor(section) {
    const heads = COLUMNS.map((text) => element("th", { textContent: text, scope: "col" }));
    this.body = element("tbody");
    this.table = element("table", {}, [element("thead", {}, [element("tr", {}, heads)]), this.body]);
    const heading = element("h2", { textContent: "Values by name" });
    const properties = { className: "names-view panel", "aria-label": "Values by name" };
    this.root = element("section", properties, [heading, this.table]);
    section.append(this.root);
  }

  close() {}

  update({ names, readouts }) {
    const shape = JSON.stringify(names);
    if (shape !== this.shape) this.build(names);
    this.shape = shape;
    this.root.hidden = names.length === 0;
    for (const [name, place] of this.places) {
      const [exact, text] = readouts[name] ?? COVERED;
      if (place.dataset.value === exact) continue;
      place.dataset.value = exact;
      setText(place, text);
    }
  }

  build(names) {
    this.places = new Map();
    const rows = names.map(({ name, about, kind, grad }) => {
      const cells = [this.number(name, "value"), grad ? this.number(`${name}.grad`, "gradient") : element("td")];
      const head = element("th", { textContent: name, scope: "row", translate: false });
      const words = [about, kind].filter(Boolean).join(", ");
      return element("tr", {}, [head, ...cells, element("td", { className: "about", textContent: words })]);
    });
    this.body.replaceChildren(...rows);
  }

  number(name, className) {
    const place = element("td", { className, "data-readout": name, tabIndex: 0 });
    this.places.set(name, place);
    return place;
  }
}
