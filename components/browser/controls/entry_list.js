// The entries of a list: a slider each, and buttons that make the list longer or shorter.

import { button, element } from "../shell/dom.js";
import { hoverEntry, onHoverEntry } from "../shell/hover.js";
import { NumberControl } from "./number_control.js";

const FEW = 4;

export class EntryList {
  /** `onChange(list, released)` is called at a new value, `onResize(list)` at a new length. */
  constructor({ name, entry, most, of, when, fill }, { onChange, onResize }) {
    Object.assign(this, { name, entry, most, of, when, fill, onChange, onResize, controls: [] });
    this.cells = element("div", { className: "cells" });
    this.more = sizeButton("+", `Add an entry to ${entry.name}`, () => this.add());
    this.less = sizeButton("−", `Remove the last entry of ${entry.name}`, () => this.remove());
    const size = of ? [] : [element("div", { className: "size", role: "group" }, [this.more, this.less])];
    const label = `Entries of ${entry.name}`;
    this.root = element("div", { className: "list", role: "group", "aria-label": label }, [this.cells, ...size]);
    this.close = onHoverEntry((hovered) => {
      for (const control of this.controls) control.root.classList.toggle("lit", control.name === hovered);
    });
  }

  get values() {
    return this.controls.map(({ answer }) => answer);
  }

  /** Shows a list of numbers, with as many sliders as it has. */
  show(values) {
    this.resize(values.length);
    this.controls.forEach((control, i) => control.show(values[i]));
  }

  resize(length) {
    if (this.controls.length === length) return;
    while (this.controls.length > length) this.controls.pop().root.remove();
    while (this.controls.length < length) this.grow();
    this.cells.style.setProperty("--entries", length);
    this.root.classList.toggle("many", length > FEW);
    this.more.setAttribute("aria-disabled", String(length >= this.most));
    this.less.setAttribute("aria-disabled", String(length <= 1));
  }

  grow() {
    const { name } = this.entry;
    const control = new NumberControl(
      { ...this.entry, name: `${name}[${this.controls.length}]` },
      { onChange: (_, released) => this.onChange(this, released) },
    );
    const on = (event, entry) => control.root.addEventListener(event, () => hoverEntry(entry));
    for (const event of ["pointerenter", "focusin"]) on(event, control.name);
    for (const event of ["pointerleave", "focusout"]) on(event, null);
    this.controls.push(control);
    this.cells.append(control.root);
    control.show(this.fill);
  }

  /** The list goes on by one, as 1, 2, 3 does. */
  add() {
    const { length } = this.controls;
    if (length >= this.most) return;
    const next = Math.min(this.controls[length - 1].value + 1, this.entry.max);
    this.resize(length + 1);
    this.controls[length].show(Number(next.toFixed(this.entry.decimals)));
    this.onResize(this);
  }

  remove() {
    if (this.controls.length <= 1) return;
    this.resize(this.controls.length - 1);
    this.onResize(this);
  }
}

function sizeButton(label, title, action) {
  return button(label, { title, "aria-label": title }, action);
}
