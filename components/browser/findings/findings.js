// What went wrong in the program: what each finding says, the line to change, and its repair, which can be applied.

import { lineDiff } from "../editor/line_diff.js";
import { button, element, setText } from "../shell/dom.js";
import { writeSentence } from "../shell/sentence.js";

const CHANGES = { "−": "goes", "+": "comes", "": "stays" };
const REST_MS = 700; // then a screen reader says how many there are, and the first

export class Findings {
  /**
   * `goTo(line)` is called where a line is pressed, `apply(finding, code)` where a repair of the program `code` is,
   * which gives the new program (null: it is another one already), `undo()` to take that back, and
   * `choose(finding, node)` where a finding, or a node of its path, is to be looked at. Without `goTo` there is no
   * program here: a line's number is only said.
   */
  constructor({ goTo, apply, undo, choose }) {
    Object.assign(this, { goTo, apply, choose, shown: [], views: [], at: 0, shape: "[]", repaired: null });
    this.applied = element("p", { className: "applied", hidden: true }, [
      element("span", { textContent: "The repair is in the program." }),
      button("Undo", { title: "As Ctrl+Z does in the program" }, undo),
    ]);
    this.list = element("ol");
    this.status = element("p", { className: "announcer", role: "status" });
    const parts = [this.applied, this.list, this.status];
    this.root = element("section", { className: "findings", "aria-label": "Findings" }, parts);
  }

  close() {
    clearTimeout(this.rest);
  }

  /** The findings of the program that the editor shows. */
  update(findings, code) {
    this.offer(true);
    this.code = code;
    this.applied.hidden = code !== this.repaired;
    const text = JSON.stringify(findings);
    if (text === this.text) return;
    Object.assign(this, { text, shown: findings });
    const shape = JSON.stringify(findings.map(shapeOf));
    if (shape !== this.shape) this.build(findings);
    this.shape = shape;
    findings.forEach((finding, i) => this.views[i].fill(finding));
    this.speak(findings);
  }

  /** Repairs are offered for the text that they were made for alone. */
  offer(isOffered) {
    if (this.isOffered === isOffered) return;
    this.isOffered = isOffered;
    for (const { press } of this.views) press.disabled = !isOffered;
  }

  /** The finding that is looked at; undefined where there is none. */
  get chosen() {
    return this.shown[this.at];
  }

  build(findings) {
    this.at = 0;
    this.views = findings.map((finding, i) => new FindingView(finding, {
      look: (node) => this.look(i, node),
      goTo: this.goTo && (() => this.goTo(this.shown[i].line)),
      apply: () => this.isOffered && (this.repaired = this.apply(this.shown[i], this.code)),
    }));
    this.list.replaceChildren(...this.views.map(({ root }) => root));
    this.open();
  }

  look(i, node) {
    this.at = i;
    this.open();
    this.choose(this.shown[i], node);
  }

  /** All is said of the finding that is looked at; of the others, what they are. */
  open() {
    this.views.forEach((view, i) => view.open(i === this.at));
  }

  speak(findings) {
    const [first] = findings;
    const count = findings.length === 1 ? "1 finding" : `${findings.length} findings`;
    const place = first?.line ? `Line ${first.line}: ` : "";
    const said = first ? `${count}. ${place}${plain(first.text)}` : "";
    clearTimeout(this.rest);
    this.rest = setTimeout(() => setText(this.status, said), REST_MS);
  }
}

class FindingView {
  constructor({ kind, title, asks, line, repair, factors, nodes }, { look, goTo, apply }) {
    this.title = button(title, { className: "title" }, () => look());
    const jump = line ? [placeOf(line, goTo)] : [];
    const place = line ? { "data-line": line } : {};
    this.text = element("p", { "data-readout": "why", "data-kind": kind, ...place });
    const [first] = nodes;
    const show = first ? [button("Show in the graph", { className: "to-graph" }, () => look(first))] : [];
    this.factors = factors.map(({ node, op, line: at }) => {
      return button("", { className: "factor", title: at === null ? op : `${op}, line ${at}` }, () => look(node));
    });
    this.press = button("Apply", { className: "apply" }, apply);
    this.what = element("span", { className: "what" });
    this.diff = element("div", { className: "diff", role: "group", "aria-label": "What changes" });
    const label = "What is left of the gradient, from the loss back";
    const group = { className: "path", role: "group", "aria-label": label };
    this.more = element("div", { className: "more" }, [
      ...(factors.length ? [element("div", group, this.factors)] : []),
      ...(repair ? [this.diff, element("p", { className: "repair" }, [this.press, this.what])] : []),
      ...show,
    ]);
    const head = element("div", { className: "head" }, [this.title, ...jump]);
    this.root = element("li", { className: asks ? "asks" : "fault" }, [head, this.text, this.more]);
  }

  open(isOpen) {
    this.title.setAttribute("aria-expanded", String(isOpen));
    this.root.classList.toggle("chosen", isOpen);
    this.more.hidden = !isOpen;
  }

  fill({ text, repair, factors }) {
    if (this.text.dataset.value !== text) {
      this.text.dataset.value = text;
      writeSentence(this.text, text);
    }
    factors.forEach((factor, i) => setText(this.factors[i], factor.text));
    if (repair) this.offer(repair);
  }

  /** Shows what a repair changes, with the lines' numbers as they are now. */
  offer(repair) {
    const written = JSON.stringify(repair);
    if (written === this.written) return;
    this.written = written;
    writeSentence(this.what, repair.title);
    let at = repair.head;
    this.diff.replaceChildren(...lineDiff(repair.old, repair.new).map(({ sign, text }) => {
      const number = element("span", { className: "number", textContent: sign === "+" ? "" : String((at += 1)) });
      const mark = element("span", { className: "sign", textContent: sign });
      return element("div", { className: CHANGES[sign] }, [number, mark, element("code", { textContent: text })]);
    }));
  }
}

function placeOf(line, goTo) {
  if (goTo) return button(`line ${line}`, { className: "jump" }, goTo);
  return element("span", { className: "jump", textContent: `line ${line}` });
}

function plain(sentence) {
  return sentence.replaceAll("`", "");
}

/** What a finding consists of, whatever its numbers are. */
function shapeOf({ kind, title, line, repair, factors, nodes, moment }) {
  return [kind, title, line, Boolean(repair), factors.map(({ node, op, line: at }) => [node, op, at]), nodes, moment];
}
