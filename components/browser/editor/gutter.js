// The numbers of a program's lines: each a button, of which one is reached by Tab and the others by the arrow keys.

import { button, element } from "../shell/dom.js";
import { marksByLine } from "./lines.js";

const WAYS = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

export class Gutter {
  /** `press(line)` is called where a number is pressed. */
  constructor(press) {
    this.root = element("div", { className: "gutter", role: "group", "aria-label": "Lines" });
    this.reached = 0;
    this.root.addEventListener("click", ({ target }) => this.lineOf(target) && press(this.lineOf(target)));
    this.root.addEventListener("keydown", (event) => this.key(event));
  }

  /** Has a number for each line, with what its mark says. */
  show(count, marks) {
    const { root } = this;
    while (root.children.length > count) root.lastChild.remove();
    while (root.children.length < count) root.append(button(String(root.children.length + 1), { tabIndex: -1 }));
    const markOf = marksByLine(marks);
    [...root.children].forEach((number, i) => {
      const { kind = "", text } = markOf.get(i + 1) ?? {};
      const label = kind ? `line ${i + 1}, ${kind}: ${text}` : `line ${i + 1}`;
      if (number.ariaLabel === label) return;
      number.dataset.mark = kind;
      number.ariaLabel = label;
    });
    this.reach(Math.min(this.reached, count - 1));
  }

  /** Marks the line that is `current` (or null) and those that are `lit`. */
  mark(current, lit) {
    [...this.root.children].forEach((number, i) => {
      number.classList.toggle("current", i + 1 === current);
      number.classList.toggle("lit", lit.has(i + 1));
    });
    if (current) this.reach(current - 1);
  }

  /** Has Tab lead to this number. */
  reach(index) {
    const { children } = this.root;
    if (children[this.reached]) children[this.reached].tabIndex = -1;
    this.reached = index;
    if (children[index]) children[index].tabIndex = 0;
  }

  lineOf(target) {
    return [...this.root.children].indexOf(target) + 1;
  }

  key(event) {
    const way = WAYS[event.key];
    if (!way) return;
    event.preventDefault();
    const last = this.root.children.length - 1;
    this.reach(Math.min(Math.max(this.reached + way, 0), last));
    this.root.children[this.reached].focus();
  }
}
