// An experiment as a notebook: what can be pressed, the cells that were run, and what they said.

import { explainIn } from "../glossary/glossary.js";
import { button, element } from "../shell/dom.js";

const KINDS = ["source", "printed", "value", "warned", "error"];
const ERROR = KINDS.indexOf("error");

export default class Notebook {
  constructor(root, { line, part }) {
    Object.assign(this, { line, name: part.name, run: [], cells: [] });
    this.root = element("section", { className: "notebook", "aria-label": "Notebook" });
    root.append(this.root);
    this.resize = new ResizeObserver(() => this.scrollToEnd());
  }

  close() {
    this.resize.disconnect();
  }

  scrollToEnd() {
    this.list.scrollTop = this.list.scrollHeight;
  }

  update(message, structure) {
    if (!message[this.name]) return;
    if (this.built !== structure[this.name]) this.build((this.built = structure[this.name]));
    if (!this.line.isAhead) this.run = message.values.run;
    this.mark();
    this.fill(message[this.name]);
  }

  build({ experiments, experiment, idea, presses }) {
    const focused = this.root.contains(document.activeElement) ? document.activeElement.dataset.name : null;
    const tabs = experiments.map(([name, title]) => this.tab(name, title, name === experiment));
    this.presses = presses.map((press) => this.press(press));
    this.undo = button("Undo", { className: "undo" }, () => this.set(this.run.slice(0, -1)));
    this.reset = button("Reset", { className: "reset" }, () => this.set([]));
    this.next = element("code", { translate: false });
    const label = "Cells and what they said";
    this.list = element("div", {
      className: "cells", tabIndex: 0, role: "log", "aria-label": label, translate: false,
    });
    this.cells = [];
    this.resize.disconnect();
    this.resize.observe(this.list);
    const caption = element("span", { className: "caption", textContent: "the cell that the button adds" });
    const next = [caption, prompt("In [ ]:"), element("pre", {}, [this.next]), this.undo, this.reset];
    this.root.replaceChildren(
      group("Experiment", "tabs", tabs),
      explainIn(element("div", { className: "idea", innerHTML: idea })), // from Markdown, in which HTML is text
      group("Run", "presses", this.presses),
      element("div", { className: "next" }, next),
      this.list,
    );
    this.preview(presses[0][3]);
    if (focused) this.root.querySelector(`[data-name="${CSS.escape(focused)}"]`)?.focus();
  }

  tab(name, title, isChosen) {
    return button(title, { className: "tab", "data-name": name, "aria-pressed": isChosen }, () => {
      this.run = [];
      this.line.change({ experiment: name, run: [] }, true);
    });
  }

  press([name, call, hint, source]) {
    const properties = { className: "press", title: hint, "data-name": name, "aria-label": call };
    const made = button("", properties, () => this.set([...this.run, name]));
    const code = element("code", { textContent: call, translate: false });
    made.append(code, element("span", { className: "hint", textContent: hint }));
    for (const event of ["pointerenter", "focus"]) made.addEventListener(event, () => this.preview(source));
    return made;
  }

  /** The code that a press runs, before it is pressed. */
  preview(source) {
    this.next.textContent = source;
  }

  set(run) {
    if (run.length > this.built.most) return;
    this.run = run;
    this.mark();
    this.line.change({ run }, true);
  }

  mark() {
    const isFull = this.run.length >= this.built.most;
    for (const press of this.presses) press.disabled = isFull;
    this.presses[0].classList.toggle("first", this.run.length === 0);
    this.undo.disabled = this.reset.disabled = this.run.length === 0;
  }

  /** Cells stay in place while their texts change; a new one comes into view. */
  fill({ texts, cells }) {
    const before = this.cells.length;
    while (this.cells.length > cells.length) this.cells.pop().root.remove();
    while (this.cells.length < cells.length) {
      const cell = new Cell(this.cells.length + 1);
      this.cells.push(cell);
      this.list.append(cell.root);
    }
    cells.forEach((cell, i) => this.cells[i].show(cell.map((text) => texts[text])));
    if (cells.length !== before) this.scrollToEnd();
  }
}

/** In [n] with its source; below it what was printed, warned and raised, and Out [n] with the value. */
class Cell {
  constructor(number) {
    this.prompts = { source: `In [${number}]:`, value: `Out [${number}]:` };
    this.root = element("div", { className: "cell" });
  }

  show(texts) {
    const shown = texts.join("\u0000");
    if (this.shown === shown) return;
    this.shown = shown;
    const lines = KINDS.map((kind, i) => [kind, texts[i]]).filter(([, text]) => text !== "");
    this.root.classList.toggle("failed", texts[ERROR] !== "");
    this.root.replaceChildren(...lines.flatMap(([kind, text]) => this.line(kind, text)));
  }

  line(kind, text) {
    const code = element("code", { textContent: text });
    return [prompt(this.prompts[kind] ?? ""), element("pre", { className: kind }, [code])];
  }
}

function prompt(text) {
  return element("span", { className: "prompt", textContent: text });
}

function group(label, className, children) {
  return element("div", { className, role: "group", "aria-label": label }, children);
}
