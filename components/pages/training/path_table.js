// The first run's path as a table, for whom the map says nothing: made when it is opened, and kept up from then on.

import { element } from "../../browser/shell/dom.js";

const HEADS = ["step", "w", "b", "mean loss"];
const DIGITS = 6;

export class PathTable {
  constructor(root) {
    this.root = root;
    root.addEventListener("toggle", () => this.message && this.fill());
  }

  update(message) {
    this.message = message;
    if (this.root.open) this.fill();
  }

  fill() {
    const { arrays, losses, values } = this.message;
    const rows = Array.from(arrays["path.w"] ?? [], (w, step) => {
      const numbers = [w, arrays["path.b"][step], losses?.loss.y[step] ?? NaN];
      return [step, ...numbers.map((number) => said(number))];
    });
    const shown = JSON.stringify(rows);
    if (this.shown !== shown) this.build(rows);
    this.shown = shown;
    this.root.querySelectorAll("tbody tr").forEach((row, step) => {
      if (step === values.at) row.setAttribute("aria-current", "step");
      else row.removeAttribute("aria-current");
    });
  }

  build(rows) {
    this.root.querySelector("table")?.remove();
    const heads = HEADS.map((textContent) => element("th", { scope: "col", textContent }));
    this.root.append(element("table", {}, [
      element("thead", {}, [element("tr", {}, heads)]),
      element("tbody", {}, rows.map(([step, ...numbers]) => element("tr", {}, [
        element("th", { scope: "row", textContent: step }),
        ...numbers.map((textContent) => element("td", { textContent })),
      ]))),
    ]));
  }
}

function said(number) {
  return Number.isFinite(number) ? String(Number(number.toPrecision(DIGITS))).replace("-", "−") : String(number);
}
