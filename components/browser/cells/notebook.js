import { channelOf } from "../channel.js";
import { styles } from "../styles.js";

await Promise.all([styles("../page.css", import.meta.url), styles("notebook.css", import.meta.url)]);

const KINDS = ["source", "printed", "value", "warned", "error"];

export default function render({ parentElement, data }) {
  const view = parentElement.notebook ?? (parentElement.notebook = new Notebook(parentElement, channelOf(data.page)));
  return () => view.close();
}

class Notebook {
  constructor(parent, channel) {
    this.channel = channel;
    this.run = [];
    this.cells = [];
    this.root = element("section", { className: "notebook" });
    this.root.setAttribute("aria-label", "Notebook");
    parent.append(this.root);
    this.resize = new ResizeObserver(() => this.scrollToEnd());
    this.unsubscribe = channel.subscribe((message, structure) => this.update(message, structure), "notebook");
  }

  close() {
    this.unsubscribe();
    this.resize.disconnect();
  }

  scrollToEnd() {
    this.list.scrollTop = this.list.scrollHeight;
  }

  update({ inputs, notebook }, structure) {
    if (this.built !== structure.notebook) this.build((this.built = structure.notebook));
    if (!this.channel.isAhead()) this.run = inputs.run;
    this.mark();
    this.fill(notebook);
  }

  build({ experiments, experiment, idea, presses }) {
    const hadFocus = this.root.contains(document.activeElement) ? document.activeElement.dataset.name : null;
    const tabs = experiments.map(([name, title]) => this.tab(name, title, name === experiment));
    this.presses = presses.map((press) => this.press(press));
    this.undo = this.button("Undo", "undo", () => this.set(this.run.slice(0, -1)));
    this.reset = this.button("Reset", "reset", () => this.set([]));
    this.next = element("code", {});
    this.list = element("div", { className: "cells", tabIndex: 0 });
    this.list.setAttribute("role", "log");
    this.list.setAttribute("aria-label", "Cells and what they said");
    const text = element("div", { className: "idea" });
    text.innerHTML = idea; // a lesson's own text, made from Markdown in which HTML is text
    this.cells = [];
    this.resize.disconnect();
    this.resize.observe(this.list);
    this.root.replaceChildren(
      group("Experiment", "tabs", tabs),
      text,
      group("Run", "presses", this.presses),
      element("div", { className: "next" }, [prompt("In [ ]:"), element("pre", {}, [this.next]), this.undo, this.reset]),
      this.list,
    );
    this.preview(presses[0][3]);
    if (hadFocus) this.root.querySelector(`[data-name="${CSS.escape(hadFocus)}"]`)?.focus();
  }

  tab(name, title, isChosen) {
    const button = this.button(title, "tab", () => this.channel.change({ experiment: name, run: (this.run = []) }, true));
    button.dataset.name = name;
    button.setAttribute("aria-pressed", String(isChosen));
    return button;
  }

  press([name, call, hint, source]) {
    const button = this.button("", "press", () => this.set([...this.run, name]));
    button.append(element("code", { textContent: call }), element("span", { className: "hint", textContent: hint }));
    button.dataset.name = name;
    button.setAttribute("aria-label", call);
    button.title = hint;
    for (const event of ["pointerenter", "focus"]) button.addEventListener(event, () => this.preview(source));
    return button;
  }

  /** The code that a press runs, before it is pressed. */
  preview(source) {
    this.next.textContent = source;
  }

  set(run) {
    if (run.length > this.built.most) return;
    this.run = run;
    this.mark();
    this.channel.change({ run }, true);
  }

  mark() {
    const isFull = this.run.length >= this.built.most;
    for (const button of this.presses) button.disabled = isFull;
    this.presses[0].classList.toggle("first", this.run.length === 0);
    this.undo.disabled = this.reset.disabled = this.run.length === 0;
  }

  /** Cells stay in place while their texts change; a new one comes into view. */
  fill({ texts, cells }) {
    const before = this.cells.length;
    while (this.cells.length > cells.length) this.cells.pop().root.remove();
    while (this.cells.length < cells.length) {
      const cell = new CellView(this.cells.length + 1);
      this.cells.push(cell);
      this.list.append(cell.root);
    }
    cells.forEach((cell, i) => this.cells[i].show(cell.map((text) => texts[text])));
    if (cells.length !== before) this.scrollToEnd();
  }

  button(label, className, action) {
    const button = element("button", { type: "button", className, textContent: label });
    button.addEventListener("click", action);
    return button;
  }
}

/** In [n] with its source; below it what was printed, warned and raised, and Out [n] with the value. */
class CellView {
  constructor(number) {
    this.number = number;
    this.root = element("div", { className: "cell" });
  }

  show(texts) {
    const said = texts.join("\u0000");
    if (this.said === said) return;
    this.said = said;
    const lines = KINDS.map((kind, i) => [kind, texts[i]]).filter(([, text]) => text !== "");
    this.root.classList.toggle("failed", texts[4] !== "");
    this.root.replaceChildren(...lines.flatMap(([kind, text]) => this.line(kind, text)));
  }

  line(kind, text) {
    const prompts = { source: `In [${this.number}]:`, value: `Out [${this.number}]:` };
    return [prompt(prompts[kind] ?? ""), element("pre", { className: kind }, [element("code", { textContent: text })])];
  }
}

function prompt(text) {
  return element("span", { className: "prompt", textContent: text });
}

function group(label, className, children) {
  const made = element("div", { className }, children);
  made.setAttribute("role", "group");
  made.setAttribute("aria-label", label);
  return made;
}

function element(tag, properties, children = []) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}
