// The coloured copy of a program that lies behind its text, with a note at the end of each line and marks.

import { element } from "../shell/dom.js";
import { highlight } from "./highlight.js";

const MOST_COLOURED = 3000; // lines
export const SIGNS = { error: "✗", refused: "⊘", limit: "■", finding: "◆", warning: "△", question: "?" };

export class Lines {
  constructor() {
    this.root = element("pre", { className: "lines", "aria-hidden": "true", translate: false });
    this.rows = [];
  }

  /** Writes a program; lines that say what they said are left alone. */
  write(code) {
    const lines = code.split("\n");
    const pieces = lines.length > MOST_COLOURED ? lines.map((line) => [["", line]]) : highlight(code);
    while (this.rows.length > lines.length) this.rows.pop().root.remove();
    while (this.rows.length < lines.length) this.grow();
    pieces.forEach((line, i) => colour(this.rows[i], line));
  }

  grow() {
    const [code, mark, note] = ["code", "mark", "note"].map((className) => element("span", { className }));
    const root = element("div", { className: "line" }, [code, mark, note]);
    this.rows.push({ root, code, mark, note, key: "" });
    this.root.append(root);
  }

  /** Shows what is said of lines: notes `{ line, text, title }` and marks `{ line, kind, text }`. */
  annotate(notes, marks) {
    const byLine = new Map(notes.map((note) => [note.line, note]));
    const markOf = marksByLine(marks);
    this.rows.forEach(({ root, mark, note }, i) => {
      const own = markOf.get(i + 1);
      write(note, byLine.get(i + 1)?.text ?? "");
      write(mark, own ? `${SIGNS[own.kind] ?? ""} ${own.text}` : "");
      set(root, "mark", own?.kind);
    });
  }

  /** Marks the line that is `current` (or null) and those that are `lit`. */
  mark(current, lit) {
    this.rows.forEach(({ root }, i) => {
      root.classList.toggle("current", i + 1 === current);
      root.classList.toggle("lit", lit.has(i + 1));
    });
  }

  get height() {
    return this.rows[0].root.getBoundingClientRect().height;
  }

  /** The line at a height of the window; null beside the program. */
  lineAt(y) {
    const line = Math.floor((y - this.root.getBoundingClientRect().top) / this.height) + 1;
    return line >= 1 && line <= this.rows.length ? line : null;
  }

  /** Where the text of a line ends, and where one of its columns is, in the window. */
  xOf(line, column = Infinity) {
    const { code, root } = this.rows[line - 1];
    let rest = column;
    for (const piece of code.childNodes) {
      const { length } = piece.textContent;
      if (rest <= length) return edgeIn(piece, rest);
      rest -= length;
    }
    return code.childNodes.length ? code.getBoundingClientRect().right : root.getBoundingClientRect().left;
  }
}

/** The gravest mark of each line. */
export function marksByLine(marks) {
  const kinds = Object.keys(SIGNS);
  const rank = ({ kind }) => kinds.indexOf(kind);
  return new Map([...marks].sort((one, other) => rank(other) - rank(one)).map((mark) => [mark.line, mark]));
}

function colour(row, pieces) {
  const key = JSON.stringify(pieces);
  if (row.key === key) return;
  row.key = key;
  row.root.style.setProperty("--length", pieces.reduce((sum, [, text]) => sum + text.length, 0));
  row.code.replaceChildren(...pieces.map(([kind, text]) => {
    return kind ? element("span", { className: kind, textContent: text }) : text;
  }));
}

function write(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

function set(place, name, value) {
  if (value) place.dataset[name] = value;
  else delete place.dataset[name];
}

/** Where a character of a text begins, in the window. */
function edgeIn(piece, offset) {
  const range = document.createRange();
  const text = piece.firstChild ?? piece;
  range.setStart(text, offset);
  range.setEnd(text, offset);
  return range.getBoundingClientRect().left;
}
