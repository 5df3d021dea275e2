// The entries of a list: a slider each, and buttons that make the list longer or shorter.

import { onPoint, pointAt } from "../highlight.js";
import { element } from "./element.js";

export class EntryList {
  constructor({ name, entry, most, of, when, fill }, sliders) {
    Object.assign(this, { name, entry, most, of, when, fill, sliders, controls: [] });
    this.cells = element("div", { className: "cells" });
    this.more = this.button("+", `Add an entry to ${entry.name}`, () => this.add());
    this.less = this.button("−", `Remove the last entry of ${entry.name}`, () => this.remove());
    const size = of ? [] : [element("div", { className: "size", role: "group" }, [this.more, this.less])];
    this.root = element("div", { className: "list", role: "group" }, [this.cells, ...size]);
    this.root.setAttribute("aria-label", `Entries of ${entry.name}`);
    this.close = onPoint((part) => {
      for (const { name: of, root } of this.controls) root.classList.toggle("lit", of === part);
    });
  }

  get values() {
    return this.controls.map(({ value }) => value);
  }

  /** Shows a list of numbers, with as many sliders as it has. */
  show(values) {
    this.resize(values.length);
    this.controls.forEach((control, i) => this.sliders.show(control, values[i]));
  }

  resize(length) {
    if (this.controls.length === length) return;
    while (this.controls.length > length) this.controls.pop().root.remove();
    while (this.controls.length < length) this.grow();
    this.cells.style.setProperty("--entries", length);
    this.more.setAttribute("aria-disabled", String(length >= this.most));
    this.less.setAttribute("aria-disabled", String(length <= 1));
  }

  grow() {
    const control = this.sliders.cell({ ...this.entry, name: `${this.entry.name}[${this.controls.length}]` });
    for (const event of ["pointerenter", "focusin"]) control.root.addEventListener(event, () => pointAt(control.name));
    for (const event of ["pointerleave", "focusout"]) control.root.addEventListener(event, () => pointAt(null));
    this.controls.push(control);
    this.cells.append(control.root);
    this.sliders.show(control, this.fill);
  }

  /** The list goes on by one, as 1, 2, 3 does. */
  add() {
    const { length } = this.controls;
    if (length >= this.most) return;
    const next = Math.min(this.controls[length - 1].value + 1, this.entry.max);
    this.resize(length + 1);
    this.sliders.show(this.controls[length], Number(next.toFixed(this.entry.decimals)));
    this.sliders.resized(this);
  }

  remove() {
    if (this.controls.length <= 1) return;
    this.resize(this.controls.length - 1);
    this.sliders.resized(this);
  }

  button(label, said, action) {
    const button = this.sliders.button(label, "", action);
    button.setAttribute("aria-label", said);
    button.title = said;
    return button;
  }
}
