// All that has a name in a pass, a row each; a press on a column's head sorts by it, and again the other way round.

import { button, element } from "../../browser/shell/dom.js";

const CAPTION = "From the first layer on; a press on a column’s head sorts by it.";
const COLUMNS = [
  ["name", "name"],
  ["module", "module"],
  ["shape", "shape", "count"],
  ["value", "value"],
  ["grad", ".grad after", "size"],
];

export class NamesTable {
  constructor(look) {
    Object.assign(this, { look, rows: [], sorted: null, order: 1 });
    this.heads = COLUMNS.map(([, title], place) => {
      return element("th", { scope: "col" }, [button(title, {}, () => this.sort(place))]);
    });
    this.body = element("tbody");
    const caption = element("caption", { textContent: CAPTION });
    const head = element("thead", {}, [element("tr", {}, this.heads)]);
    this.root = element("table", { className: "names", hidden: true }, [caption, head, this.body]);
    this.body.addEventListener("click", ({ target }) => this.look(this.nodeAt(target.closest("tr"))));
  }

  nodeAt(row) {
    return this.rows[[...this.body.children].indexOf(row)]?.node;
  }

  fill(rows) {
    this.given = rows;
    this.lay();
  }

  sort(place) {
    this.order = this.sorted === place ? -this.order : 1;
    this.sorted = place;
    this.lay();
    this.mark(this.selected);
  }

  lay() {
    this.rows = this.sorted === null ? this.given : [...this.given].sort((a, b) => this.order * this.compare(a, b));
    this.heads.forEach((head, place) => {
      const order = this.order > 0 ? "ascending" : "descending";
      head.setAttribute("aria-sort", place === this.sorted ? order : "none");
    });
    this.body.replaceChildren(...this.rows.map((row) => {
      const [name, ...cells] = COLUMNS.map(([key]) => row[key]);
      const others = cells.map((textContent) => element("td", { textContent, translate: false }));
      return element("tr", {}, [element("th", { scope: "row" }, [pathOf(name)]), ...others]);
    }));
  }

  /** Numbers by size, what has none last; texts as a reader would look for them. */
  compare(a, b) {
    const [key, , measure] = COLUMNS[this.sorted];
    if (!measure) return a[key].localeCompare(b[key], "en", { numeric: true });
    const [one, other] = [a, b].map((row) => (row[measure] === "nan" ? Infinity : row[measure] ?? -1));
    return one === other ? 0 : one - other;
  }

  mark(selected) {
    this.selected = selected;
    this.rows.forEach(({ node }, i) => {
      this.body.children[i].querySelector("button").setAttribute("aria-pressed", String(node === selected));
    });
  }
}

/** A button with a name, which may be broken after the points of a path. */
export function pathOf(name) {
  const made = button("", { translate: false });
  made.append(...name.split(/(?<=\.)/).flatMap((part) => [part, element("wbr")]));
  return made;
}
