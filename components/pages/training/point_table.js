// The points as a table: each one's x and label to be changed, its prediction, and its share in the gradient.

import { explainIn } from "../../browser/glossary/glossary.js";
import { button, element, setText } from "../../browser/shell/dom.js";

export class PointTable {
  /** `change(points)` is called with all points, an x as it was typed. */
  constructor({ change, most }) {
    Object.assign(this, { change, most, rows: [], points: [] });
    this.body = element("tbody");
    this.sums = ["dw_shares", "db_shares"].map(() => element("td", { className: "gradient" }));
    const heads = ["point", "x", "label", "ŷ", "∂L/∂w", "∂L/∂b", ""].map((textContent) => {
      return element("th", { scope: "col", textContent });
    });
    const sum = element("th", { scope: "row", colSpan: 4, textContent: "sum" });
    this.more = button("+ point", { className: "more", "aria-label": "Add a point" }, () => this.add());
    this.table = element("table", {}, [
      element("thead", {}, [element("tr", {}, heads)]),
      this.body,
      element("tfoot", {}, [element("tr", {}, [sum, ...this.sums, element("td")])]),
    ]);
    this.root = explainIn(element("div", { className: "point-table" }, [this.table, this.more]));
  }

  update({ values: { points }, data }) {
    this.points = points;
    while (this.rows.length > points.length) this.rows.pop().root.remove();
    while (this.rows.length < points.length) this.grow();
    this.rows.forEach((row, i) => this.fill(row, i, data));
    data.sum.forEach((text, i) => setText(this.sums[i], text));
    this.more.disabled = points.length >= this.most;
    this.root.classList.toggle("many", points.length > 6);
  }

  grow() {
    const index = this.rows.length;
    const field = element("input", {
      type: "text", inputMode: "text", autocomplete: "off", spellcheck: false, "aria-label": `x of point ${index + 1}`,
    });
    const turn = () => this.set(index, [this.points[index][0], 1 - this.points[index][1]]);
    field.addEventListener("change", () => this.set(index, [field.value, this.points[index][1]]));
    field.addEventListener("focus", () => field.select());
    const label = button("", { className: "label" }, turn);
    const name = `Remove point ${index + 1}`;
    const away = button("×", { className: "away", "aria-label": name }, () => this.remove(index));
    const cells = ["value", "gradient", "gradient"].map((className) => element("td", { className }));
    const root = element("tr", {}, [
      element("th", { scope: "row", textContent: index + 1 }),
      element("td", {}, [field]),
      element("td", {}, [label]),
      ...cells,
      element("td", {}, [away]),
    ]);
    this.rows.push({ root, field, label, cells, away });
    this.body.append(root);
  }

  fill({ root, field, label, cells, away }, i, { texts, shares, seen }) {
    const [x, y] = this.points[i];
    const written = String(x);
    if (document.activeElement !== field || this.shown?.[i] !== written) field.value = written;
    setText(label, String(y));
    label.setAttribute("aria-label", `label of point ${i + 1}: ${y}`);
    [texts[i], ...shares[i]].forEach((text, n) => setText(cells[n], text));
    away.disabled = this.points.length === 1;
    root.classList.toggle("seen", seen.includes(i));
  }

  set(index, point) {
    this.change(this.points.map((one, i) => (i === index ? point : [...one])));
  }

  add() {
    const [x] = this.points.at(-1);
    this.change([...this.points.map((one) => [...one]), [Math.min(x + 1, 10), 1]]);
  }

  remove(index) {
    this.change(this.points.filter((_, i) => i !== index).map((one) => [...one]));
    this.rows[Math.max(0, index - 1)].field.focus();
  }
}
