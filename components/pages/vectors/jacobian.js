import { channelOf } from "../channel.js";
import { onPoint, pointAt } from "../highlight.js";
import { styles } from "../styles.js";

await Promise.all([styles("../page.css", import.meta.url), styles("heat_map.css", import.meta.url)]);

const TABLES = ["left", "matrix", "product"];
const RESTING = "Point at a number, and here stands what it is.";
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

export default function render({ parentElement, data }) {
  const view = parentElement.heatMap ?? (parentElement.heatMap = new HeatMap(parentElement, channelOf(data.page)));
  return () => view.close();
}

/** The left vector stands upright, each entry in front of the row that it multiplies; the product below its columns. */
class HeatMap {
  constructor(parent, channel) {
    this.root = element("section", "heat-map panel");
    this.root.setAttribute("aria-label", "Jacobian and vector-Jacobian product");
    parent.append(this.root);
    for (const event of ["pointerover", "focusin"]) this.root.addEventListener(event, ({ target }) => this.point(target.closest("td")));
    for (const event of ["pointerleave", "focusout"]) this.root.addEventListener(event, () => this.point(null));
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.unlight = onPoint((part) => this.light(part));
    this.unsubscribe = channel.subscribe((message, structure) => this.update(message, structure), "heat");
  }

  close() {
    this.unsubscribe();
    this.unlight();
  }

  update({ heat, readouts }, structure) {
    if (!structure?.heat) return;
    if (this.drawn !== structure.heat) this.build((this.drawn = structure.heat));
    for (const name of TABLES) this.paint(this.tables[name], heat[name], readouts[structure.heat[name].readout]);
    heat.columns.forEach((text, j) => write(this.columns[j], text));
    heat.rows.forEach((text, i) => write(this.rows[i], text));
    write(this.low, `−${heat.end}`);
    write(this.high, `+${heat.end}`);
    this.texts = heat.columns;
    if (this.pointed) this.say(this.pointed);
  }

  build(heat) {
    const { columns, rows } = heat;
    this.root.style.setProperty("--n", columns.length);
    this.root.dataset.size = columns.length > 4 ? "many" : "few";
    this.columns = columns.map(() => element("span", "value"));
    this.rows = rows.map(() => element("span", "value"));
    const heads = columns.map((name, j) => header("col", name, this.columns[j]));
    const sides = rows.map((name, i) => header("row", name, this.rows[i]));
    this.tables = {
      left: this.table(heat.left, [header("col", "")], rows.map((name) => hidden(header("row", name))), 1),
      matrix: this.table(heat.matrix, [header("col", ""), ...heads], sides, columns.length),
      product: this.table(heat.product, columns.map((name) => hidden(header("col", name))), [header("row", "column sums")], columns.length),
    };
    for (const name of TABLES) this.tables[name].root.classList.add(name);
    this.pointed = null;
    this.detail = element("p", "detail resting", [RESTING]);
    this.low = element("span");
    this.high = element("span");
    const legend = element("div", "scale", [this.low, element("i", "ramp"), this.high]);
    legend.setAttribute("aria-hidden", "true");
    const dot = element("span", "times", ["·"]);
    const product = element("div", "below", [this.tables.product.root]);
    const tables = element("div", "tables", [this.tables.left.root, dot, this.tables.matrix.root, product]);
    this.root.replaceChildren(tables, element("div", "foot", [this.detail, legend]));
  }

  /** A table of cells under its title; of its cells one at a time can be reached by Tab, the others by the arrow keys. */
  table({ title, readout, says }, heads, sides, width) {
    const sentences = says.flat();
    const cells = sentences.map((_, k) => {
      const cell = element("td");
      Object.assign(cell.dataset, { at: k, column: width > 1 ? k % width : k });
      cell.tabIndex = k ? -1 : 0;
      return cell;
    });
    const lines = sides.map((side, i) => element("tr", "", [side, ...cells.slice(i * width, (i + 1) * width)]));
    const root = element("table", "", [element("caption", "", [title]), element("thead", "", [element("tr", "", heads)]), element("tbody", "", lines)]);
    root.dataset.readout = readout;
    return { root, cells, sentences, width };
  }

  paint(table, { texts, tones }, [exact]) {
    if (table.shown === exact && table.tones === String(tones)) return;
    table.shown = exact;
    table.tones = String(tones);
    table.root.dataset.value = exact;
    table.exact = exact.replace(/[[\]]/g, "").split(", ");
    table.cells.forEach((cell, k) => {
      write(cell, texts[k]);
      cell.dataset.tone = kindOf(tones[k]);
      cell.style.setProperty("--tone", Math.abs(tones[k] ?? 0));
    });
  }

  /** The table and the place of a cell. */
  find(cell) {
    const table = Object.values(this.tables).find(({ root }) => root.contains(cell));
    return { table, at: Number(cell.dataset.at) };
  }

  point(cell) {
    if (this.pointed === cell) return;
    this.pointed = cell;
    this.say(cell);
    pointAt(cell && `x[${cell.dataset.column}]`);
  }

  /** What a cell is, with all its digits. */
  say(cell) {
    const sentence = cell ? this.sentence(cell) : RESTING;
    write(this.detail, sentence);
    this.detail.classList.toggle("resting", !cell);
    if (cell) cell.setAttribute("aria-label", sentence);
  }

  sentence(cell) {
    const { table, at } = this.find(cell);
    const column = Number(cell.dataset.column);
    const { left, matrix } = this.tables;
    const put = { own: table.exact[at], x: this.texts[column], v: left.exact[column], J: matrix.exact[column * matrix.width + column] };
    return table.sentences[at].replace(/\{(\w+)\}/g, (_, name) => put[name]).replaceAll("-", "−").replace(/\((\d[\d.]*)\)/g, "$1");
  }

  /** Lights an entry of x and all that belongs to it: its column, and its row's entry in front. */
  light(part) {
    for (const { cells } of Object.values(this.tables ?? {})) {
      for (const cell of cells) cell.classList.toggle("lit", part !== null && `x[${cell.dataset.column}]` === part);
    }
    this.columns?.forEach(({ parentElement }, j) => parentElement.classList.toggle("lit", `x[${j}]` === part));
  }

  key(event) {
    const cell = event.target.closest("td");
    const step = STEPS[event.key];
    if (!cell || !step) return;
    event.preventDefault();
    const { table, at } = this.find(cell);
    const column = (at % table.width) + step[1];
    const next = table.cells[at + step[0] * table.width + step[1]];
    if (!next || column < 0 || column >= table.width) return;
    cell.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}

function kindOf(tone) {
  if (tone === null) return "broken";
  return tone ? (tone > 0 ? "plus" : "minus") : "zero";
}

function header(scope, name, ...rest) {
  const cell = element("th", "", [element("span", "name", [name]), ...rest]);
  cell.scope = scope;
  return cell;
}

function hidden(cell) {
  cell.classList.add("unseen");
  return cell;
}

function write(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

function element(tag, className = "", children = []) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}
