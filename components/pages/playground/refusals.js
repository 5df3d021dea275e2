// All lines that are refused: why, and what can be written instead, each as a button that edits the program.

import { button, element, setText } from "../../browser/shell/dom.js";
import { writeSentence } from "../../browser/shell/sentence.js";

const SHAPE = "⟨shape⟩";
const COUNT = "⟨n⟩";
const LENGTHS = /^\s*\d{1,5}(?:\s*[,×x]\s*\d{1,5})*\s*,?\s*$/;
const LARGEST = 1_000_000; // numbers in a tensor that is made up
const UNKNOWN = "The program does not tell the shape.";

/** A program with an offer's lines in the place of its own; as many lines as before. */
export function withOffers(code, offers) {
  const lines = code.split("\n");
  for (const { first, last, new: own } of offers) lines.splice(first - 1, last - first + 1, ...own);
  return lines.join("\n");
}

/** A shape as it is written in a program; null for what is none, or too large. */
export function shapeOf(text) {
  if (!LENGTHS.test(text)) return null;
  const lengths = text.match(/\d+/g).map(Number);
  const size = lengths.reduce((product, length) => product * length, 1);
  return size > 0 && size <= LARGEST ? lengths : null;
}

/** An offer of random data with another shape. */
export function reshaped(offer, lengths) {
  const fill = (shape) => offer.template.replaceAll(SHAPE, shape.join(", ")).replaceAll(COUNT, String(shape[0]));
  const before = fill(offer.shape.split(", "));
  const [first, ...rest] = offer.new;
  return { ...offer, new: [fill(lengths) + first.slice(before.length), ...rest] };
}

export class Refusals {
  /**
   * `goTo(line)` is called where a line is pressed, `apply(code, before)` with the program that offers make, and
   * `undo()` to take that back. The head stays in view while the program is longer than the window.
   */
  constructor({ goTo, apply, undo }) {
    Object.assign(this, { goTo, rows: [], made: null });
    this.apply = (offers) => {
      this.made = withOffers(this.code, offers);
      apply(this.made, this.code);
    };
    this.title = element("p", { className: "title" });
    this.all = button("", { className: "apply" }, () => this.applyAll(() => true));
    this.imports = button("", {}, () => this.applyAll(({ kind }) => kind === "import"));
    const record = element("a", { href: "./open", textContent: "Record it where it runs" });
    this.record = element("p", { className: "record" }, ["With its own data and libraries: ", record, "."]);
    this.list = element("ol");
    this.undo = button("Undo", { title: "As Ctrl+Z does in the program" }, undo);
    const bar = element("p", { className: "bar" }, [this.all, this.imports, this.undo]);
    this.head = element("div", { className: "refusals head", hidden: true }, [this.title, bar]);
    const parts = [this.list, this.record];
    this.root = element("section", { className: "refusals", "aria-label": "What is refused", hidden: true }, parts);
  }

  /** Whether all that is refused is listed here. */
  static isListed({ refusals }) {
    return refusals.length > 1 || refusals.some(({ offers }) => offers.length);
  }

  update(program) {
    const { refusals, code } = program;
    const isListed = Refusals.isListed(program);
    const isMade = code === this.made;
    this.root.hidden = !isListed;
    this.head.hidden = !isListed && !isMade;
    this.undo.hidden = !isMade;
    this.head.classList.toggle("made", !isListed);
    this.code = code;
    const text = isListed ? JSON.stringify(refusals) : "";
    if (text === this.text) return;
    this.text = text;
    this.build(isListed ? refusals : []);
  }

  build(refusals) {
    this.rows = refusals.map((refusal, i) => new Row(refusal, i === 0, {
      goTo: this.goTo,
      apply: (offer) => this.apply([offer]),
    }));
    this.list.replaceChildren(...this.rows.map(({ root }) => root));
    setText(this.title, titleOf(refusals.length));
    const offered = this.rows.filter(({ offers }) => offers.length);
    const imports = offered.filter(({ offers: [{ kind }] }) => kind === "import");
    this.all.hidden = offered.length < 2;
    setText(this.all, `Replace all ${offered.length}`);
    this.imports.hidden = imports.length < 2 || imports.length === offered.length;
    setText(this.imports, `Comment ${imports.length} imports out`);
    this.record.hidden = !refusals.some(({ is_foreign: isForeign }) => isForeign);
  }

  /** Makes the first offer of each line that has one of this kind, in one edit. */
  applyAll(isMeant) {
    const offers = this.rows.map((row) => row.chosen).filter((offer) => offer && isMeant(offer));
    if (offers.length) this.apply(offers);
  }
}

function titleOf(count) {
  if (!count) return "What was refused is replaced in the program.";
  return `${count === 1 ? "One line is" : `${count} lines are`} not in the playground, so nothing has run.`;
}

class Row {
  constructor({ line, text, offers }, isFirst, { goTo, apply }) {
    Object.assign(this, { offers, apply });
    const said = element("span", { className: "text" });
    writeSentence(said, text);
    if (isFirst) Object.assign(said.dataset, { readout: "refused", value: text, ...(line && { line }) });
    const jump = line ? [button(`line ${line}`, { className: "jump" }, () => goTo(line))] : [];
    const made = offers.flatMap((offer) => this.offer(offer));
    const parts = [...jump, said, ...(made.length ? [element("span", { className: "offers" }, made)] : [])];
    this.root = element("li", {}, parts);
  }

  /** What is made of the line where all are replaced; null where nothing can be. */
  get chosen() {
    const [first] = this.offers;
    return first?.kind === "random" ? this.withShape(first) : first ?? null;
  }

  withShape(offer) {
    const lengths = shapeOf(this.field.value);
    return lengths && reshaped(offer, lengths);
  }

  offer(offer) {
    if (offer.kind !== "random") return [button(offer.title, {}, () => this.apply(offer))];
    const about = offer.said.replaceAll("`", "") || UNKNOWN;
    const label = `shape of line ${offer.first}`;
    this.field = element("input", { value: offer.shape, size: 14, "aria-label": label, title: about });
    this.field.spellcheck = false;
    const press = button(offer.title, {}, () => {
      const own = this.withShape(offer);
      if (own) this.apply(own);
    });
    this.field.addEventListener("input", () => {
      press.disabled = !shapeOf(this.field.value);
      this.field.setAttribute("aria-invalid", String(press.disabled));
    });
    this.field.addEventListener("keydown", ({ key }) => key === "Enter" && press.click());
    return [press, this.field, element("small", { textContent: about })];
  }
}
