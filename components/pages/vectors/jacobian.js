// A row vector times the Jacobian, as three tables of coloured numbers.

import { explainIn } from "../../browser/glossary/glossary.js";
import { COVERED } from "../../browser/readouts/readouts.js";
import { element, setText } from "../../browser/shell/dom.js";
import { hoverEntry, onHoverEntry } from "../../browser/shell/hover.js";

const TABLES = ["left", "matrix", "product"];
const RESTING = "Point at a number to read here what it is.";
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const FEW = 4;

/** The left vector stands upright, each entry in front of the row that it multiplies; the product below its columns. */
export default class Jacobian {
  constructor(root, { part }) {
    this.name = part.name;
    const label = "Jacobian and vector-Jacobian product";
    this.root = element("section", { className: "heat-map panel", "aria-label": label });
    root.append(this.root);
    for (const event of ["pointerover", "focusin"]) {
      this.root.addEventListener(event, ({ target }) => this.point(target.closest("td")));
    }
    for (const event of ["pointerleave", "focusout"]) this.root.addEventListener(event, () => this.point(null));
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.close = onHoverEntry((entry) => this.light(entry));
  }

  update(message, structure) {
    const numbers = message[this.name];
    if (!numbers) return;
    const spec = structure[this.name];
    if (this.built !== spec) this.build((this.built = spec));
    for (const name of TABLES) {
      const [exact] = message.readouts[spec[name].readout] ?? COVERED;
      this.tables[name].paint(numbers[name], exact);
    }
    numbers.columns.forEach((text, j) => setText(this.columns[j], text));
    numbers.rows.forEach((text, i) => setText(this.rows[i], text));
    setText(this.low, `−${numbers.end}`);
    setText(this.high, `+${numbers.end}`);
    this.entries = numbers.columns;
    this.mark(spec.isFree ? onlyOne(this.tables.left.exact) : null);
    if (this.pointed) this.tell(this.pointed);
  }

  build(spec) {
    const { columns, rows } = spec;
    this.root.style.setProperty("--n", columns.length);
    this.root.dataset.size = columns.length > FEW ? "many" : "few";
    this.columns = columns.map(() => element("span", { className: "value" }));
    this.rows = rows.map(() => element("span", { className: "value" }));
    const heads = columns.map((name, j) => header("col", name, this.columns[j]));
    const sides = rows.map((name, i) => header("row", name, this.rows[i]));
    const unseenHeads = columns.map((name) => unseen(header("col", name)));
    const unseenSides = rows.map((name) => unseen(header("row", name)));
    this.tables = {
      left: new CellTable("left", spec.left, [header("col", "")], unseenSides, 1),
      matrix: new CellTable("matrix", spec.matrix, [header("col", ""), ...heads], sides, columns.length),
      product: new CellTable("product", spec.product, unseenHeads, [header("row", "v · J")], columns.length),
    };
    this.pointed = null;
    this.marked = null;
    this.root.replaceChildren(this.arrangement(), this.foot());
  }

  arrangement() {
    const { left, matrix, product } = this.tables;
    const dot = element("span", { className: "times", textContent: "·" });
    const below = element("div", { className: "below" }, [product.root]);
    return element("div", { className: "tables" }, [left.root, dot, matrix.root, below]);
  }

  foot() {
    this.detail = element("p", { className: "detail resting", textContent: RESTING });
    this.low = element("span");
    this.high = element("span");
    const ramp = element("i", { className: "ramp" });
    const scale = element("div", { className: "scale", "aria-hidden": "true" }, [this.low, ramp, this.high]);
    return element("div", { className: "foot" }, [this.detail, scale]);
  }

  /** The table that a cell is in. */
  tableOf(cell) {
    return Object.values(this.tables).find(({ root }) => root.contains(cell));
  }

  point(cell) {
    if (this.pointed === cell) return;
    this.pointed = cell;
    this.tell(cell);
    hoverEntry(cell && `x[${cell.dataset.column}]`);
  }

  /** What a cell is, with all its digits. */
  tell(cell) {
    const sentence = cell ? this.sentence(cell) : RESTING;
    setText(this.detail, sentence);
    this.detail.classList.toggle("resting", !cell);
    if (cell) cell.setAttribute("aria-label", sentence);
  }

  sentence(cell) {
    const table = this.tableOf(cell);
    const { at, column } = placeOf(cell);
    const { left, matrix } = this.tables;
    const numbers = {
      own: table.exact[at],
      x: this.entries[column],
      v: left.exact[column],
      J: matrix.exact[column * matrix.width + column],
    };
    const filled = table.sentences[at].replace(/\{(\w+)\}/g, (_, name) => numbers[name]);
    return filled.replaceAll("-", "−").replace(/\((\d[\d.]*)\)/g, "$1");
  }

  /** Marks the one row of the Jacobian that v takes, its entry of v, and what comes of it; null: it takes several. */
  mark(row) {
    if (this.marked === row) return;
    this.marked = row;
    const { left, matrix, product } = this.tables;
    const isTaken = ({ cells, width }, cell) => row !== null && Math.floor(cells.indexOf(cell) / width) === row;
    for (const table of [left, matrix]) {
      for (const cell of table.cells) cell.classList.toggle("taken", isTaken(table, cell));
    }
    for (const cell of product.cells) cell.classList.toggle("taken", row !== null);
  }

  /** Lights an entry of x and all that belongs to it: its column, and its row's entry in front. */
  light(entry) {
    const isLit = (column) => entry === `x[${column}]`;
    for (const { cells } of Object.values(this.tables ?? {})) {
      for (const cell of cells) cell.classList.toggle("lit", isLit(cell.dataset.column));
    }
    this.columns?.forEach(({ parentElement }, j) => parentElement.classList.toggle("lit", isLit(j)));
  }

  key(event) {
    const cell = event.target.closest("td");
    const step = STEPS[event.key];
    if (!cell || !step) return;
    event.preventDefault();
    this.tableOf(cell).move(cell, step);
  }
}

/** A table of cells under its title; of its cells one at a time can be reached by Tab, the others by the arrow keys. */
class CellTable {
  constructor(name, { title, readout, says }, heads, sides, width) {
    this.width = width;
    this.sentences = says.flat();
    this.cells = this.sentences.map((_, at) => {
      const column = width > 1 ? at % width : at;
      return element("td", { "data-at": at, "data-column": column, tabIndex: at ? -1 : 0 });
    });
    const lines = sides.map((side, i) => {
      return element("tr", {}, [side, ...this.cells.slice(i * width, (i + 1) * width)]);
    });
    this.root = element("table", { className: name, "data-readout": readout }, [
      explainIn(element("caption", { textContent: title })),
      element("thead", {}, [element("tr", {}, heads)]),
      element("tbody", {}, lines),
    ]);
  }

  paint({ texts, tones }, exact) {
    if (this.shown === exact && this.tones === String(tones)) return;
    this.shown = exact;
    this.tones = String(tones);
    this.root.dataset.value = exact;
    this.exact = exact === COVERED[0] ? texts : exact.replace(/[[\]]/g, "").split(", ");
    this.cells.forEach((cell, at) => {
      setText(cell, texts[at]);
      cell.dataset.value = this.exact[at];
      cell.dataset.tone = toneOf(tones[at]);
      cell.style.setProperty("--tone", Math.abs(tones[at] ?? 0));
    });
  }

  move(cell, [down, right]) {
    const { at } = placeOf(cell);
    const column = (at % this.width) + right;
    const next = this.cells[at + down * this.width + right];
    if (!next || column < 0 || column >= this.width) return;
    cell.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}

/** The place of the only number that is not 0; null where there are none or several. */
function onlyOne(numbers) {
  const places = numbers.map(Number).flatMap((number, place) => (number === 0 ? [] : [place]));
  return places.length === 1 && numbers.length > 1 ? places[0] : null;
}

function placeOf({ dataset: { at, column } }) {
  return { at: Number(at), column: Number(column) };
}

function toneOf(tone) {
  if (tone === null) return "broken";
  return tone ? (tone > 0 ? "plus" : "minus") : "zero";
}

function header(scope, name, ...rest) {
  return element("th", { scope }, [element("span", { className: "name", textContent: name }), ...rest]);
}

function unseen(cell) {
  cell.classList.add("unseen");
  return cell;
}
