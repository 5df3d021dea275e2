// The runs that start from one place: each by its line and name, hidden by a click, removed, and more of them added.

import { button, element } from "../../browser/shell/dom.js";

const MOST = 2;

export class RunLegend {
  /** `show(hidden)` is called with the numbers of the hidden runs, `compare(runs)` with the further runs as chosen. */
  constructor({ show, compare }) {
    Object.assign(this, { show, compare, hidden: new Set() });
    this.root = element("div", { className: "legend", role: "group", "aria-label": "Paths" });
    this.more = element("select", { className: "add-run", "aria-label": "compare with" });
    this.more.addEventListener("change", () => {
      if (this.more.value) this.compare([...this.further, this.more.value]);
    });
  }

  /** `names` are those of all runs, `further` the compared ones as an address says them, `offers` what can be added. */
  update(names, further, offers) {
    const shown = JSON.stringify([names, further]);
    if (this.shown === shown) return;
    if (this.further && this.further.length !== further.length) this.hidden.clear();
    Object.assign(this, { shown, further });
    const options = [["", "compare with…"], ...offers];
    this.more.replaceChildren(...options.map(([value, textContent]) => element("option", { value, textContent })));
    const runs = names.length > 1 ? names.map((name, run) => this.entry(name, run)) : [];
    this.root.replaceChildren(...runs, ...(further.length < MOST ? [this.more] : []));
  }

  entry(name, run) {
    const shower = button(name, { "data-run": run, className: "run" }, () => this.toggle(run, shower));
    shower.setAttribute("aria-pressed", String(!this.hidden.has(run)));
    if (!run) return element("span", {}, [shower]);
    const away = button("×", { className: "remove-run", "aria-label": `Remove ${name}` }, () => {
      this.compare(this.further.filter((_, i) => i !== run - 1));
    });
    return element("span", {}, [shower, away]);
  }

  toggle(run, shower) {
    if (!this.hidden.delete(run)) this.hidden.add(run);
    shower.setAttribute("aria-pressed", String(!this.hidden.has(run)));
    this.show(this.hidden);
  }
}
