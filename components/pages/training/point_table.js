// The points as a table: each one's x and label to be changed, its prediction, and its share in the gradient.

import { EditedField } from "../../browser/controls/edited_field.js";
import { explainIn } from "../../browser/glossary/glossary.js";
import { button, element, setText } from "../../browser/shell/dom.js";

export const REACH = 10; // of x, to both sides
const PREDICTION = "prediction"; // left out where there is no room

export class PointTable {
  /**
   * `change(points)` is called with all points, an x as it was typed; `chosen()` are those chosen last, and `isAhead()`
   * says whether they wait for an answer.
   */
  constructor({ change, chosen, isAhead, most }) {
    Object.assign(this, { change, chosen, isAhead, most, rows: [] });
    this.body = element("tbody");
    this.sums = ["dw_shares", "db_shares"].map(() => element("td", { className: "gradient" }));
    const heads = ["point", "x", "label", "ŷ", "∂L/∂w", "∂L/∂b", ""].map((textContent) => {
      return element("th", { scope: "col", className: textContent === "ŷ" ? PREDICTION : "", textContent });
    });
    const sum = element("th", { scope: "row", colSpan: 3, textContent: "sum" });
    const foot = [sum, element("td", { className: PREDICTION }), ...this.sums, element("td")];
    this.more = button("+ point", { className: "more", "aria-label": "Add a point" }, () => this.add());
    this.table = element("table", {}, [
      element("thead", {}, [element("tr", {}, heads)]),
      this.body,
      element("tfoot", {}, [element("tr", {}, foot)]),
    ]);
    this.root = explainIn(element("div", { className: "point-table" }, [this.table, this.more]));
  }

  update({ values: { points }, data }) {
    while (this.rows.length > points.length) this.rows.pop().root.remove();
    while (this.rows.length < points.length) this.grow();
    this.rows.forEach((row, i) => this.fill(row, i, points, data));
    data.sum.forEach((text, i) => setText(this.sums[i], text));
    this.more.disabled = points.length >= this.most;
    this.root.classList.toggle("many", points.length > 6);
  }

  grow() {
    const index = this.rows.length;
    const field = element("input", {
      type: "text", inputMode: "text", autocomplete: "off", spellcheck: false, "aria-label": `x of point ${index + 1}`,
    });
    const turn = () => this.set(index, ([x, y]) => [x, 1 - y]);
    const entry = new EditedField(field, (text) => this.set(index, ([, label]) => [text, label]));
    const label = button("", { className: "label" }, turn);
    const name = `Remove point ${index + 1}`;
    const away = button("×", { className: "away", "aria-label": name }, () => this.remove(index));
    const cells = [`value ${PREDICTION}`, "gradient", "gradient"].map((className) => element("td", { className }));
    const root = element("tr", {}, [
      element("th", { scope: "row", textContent: index + 1 }),
      element("td", {}, [field]),
      element("td", {}, [label]),
      ...cells,
      element("td", {}, [away]),
    ]);
    this.rows.push({ root, field, entry, label, cells, away });
    this.body.append(root);
  }

  fill({ root, field, entry, label, cells, away }, i, points, { texts, shares, seen }) {
    const [x, y] = points[i];
    if (document.activeElement !== field || !this.isAhead()) entry.show(String(x));
    setText(label, String(y));
    label.setAttribute("aria-label", `label of point ${i + 1}: ${y}`);
    [texts[i], ...shares[i]].forEach((text, n) => setText(cells[n], text));
    away.disabled = points.length === 1;
    root.classList.toggle("seen", seen.includes(i));
  }

  set(index, changed) {
    this.change(this.chosen().map((point, i) => (i === index ? changed(point) : point)));
  }

  /** The points go on by one to the right. */
  add() {
    const points = this.chosen();
    this.change([...points, [Math.min(points.at(-1)[0] + 1, REACH), 1]]);
  }

  remove(index) {
    this.change(this.chosen().filter((_, i) => i !== index));
    this.rows[Math.max(0, index - 1)].field.focus();
  }
}
