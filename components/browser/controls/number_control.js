// A slider with its number field, under one name.

import { explainIn } from "../glossary/glossary.js";
import { element } from "../shell/dom.js";
import { scaleOf } from "./scale.js";
import { readNumber } from "./typed_number.js";

export class NumberControl {
  /** `onChange(value, released)` is called with a number of the slider, or with the text as typed into the field. */
  constructor(slider, { onChange, isAhead }) {
    Object.assign(this, slider, { onChange, isAhead, value: null, typed: null, isKeyDown: false });
    const { name, min } = slider;
    this.scale = scaleOf(slider);
    this.range = element("input", { type: "range", ...this.scale.ends, "aria-label": name });
    this.field = element("input", {
      type: "text", inputMode: keypad(min), autocomplete: "off", spellcheck: false, "aria-label": `${name} value`,
    });
    const head = element("div", { className: "head" }, [
      element("span", { className: "name", textContent: name, translate: false }),
      explainIn(element("span", { className: "meaning", textContent: slider.meaning })),
      this.field,
    ]);
    const className = slider.decimals === 0 ? "cell whole" : "cell";
    this.root = element("div", { className }, [head, this.range]);
    this.listenToRange();
    this.listenToField();
  }

  /** What the server is told: the number, or the text until the server has read it. */
  get answer() {
    return this.typed ?? this.value;
  }

  /** A key that is held writes the address once, when it is let go. */
  listenToRange() {
    const { range } = this;
    range.addEventListener("input", () => this.move(this.place, false));
    range.addEventListener("change", () => this.isKeyDown || this.move(this.place, true));
    range.addEventListener("keydown", () => (this.isKeyDown = true));
    range.addEventListener("keyup", ({ key }) => {
      this.isKeyDown = false;
      if (key !== "Tab" && key !== "Shift") this.move(this.place, true);
    });
    range.addEventListener("blur", () => (this.isKeyDown = false));
  }

  listenToField() {
    const { field } = this;
    selectWhole(field);
    field.addEventListener("change", () => this.type());
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.type();
      if (event.key === "Escape") field.value = this.written;
      if (!["ArrowUp", "ArrowDown"].includes(event.key)) return;
      event.preventDefault();
      this.stepBy(event.key === "ArrowUp" ? 1 : -1);
    });
  }

  /** One step from what the field says, typed or not. */
  stepBy(direction) {
    const typed = this.field.value === this.written ? null : readNumber(this.field.value);
    if (typed !== null) this.range.value = this.scale.toPosition(typed);
    this.range.stepUp(direction);
    this.move(this.place, true);
    this.field.value = this.written;
  }

  /** The number that the slider stands on. */
  get place() {
    return this.scale.toNumber(Number(this.range.value));
  }

  /** Enter, and leaving the field after it, send one text once. */
  type() {
    const text = this.field.value;
    if (text === this.typed || text === this.written) return;
    this.typed = text;
    this.onChange(text, true);
  }

  move(value, released) {
    const hasMoved = this.value !== value;
    this.show(value);
    if (hasMoved || released) this.onChange(value, released);
  }

  get written() {
    return this.value === null ? "" : this.scale.write(this.value);
  }

  show(value) {
    this.typed = null;
    if (this.value !== value || this.range.value === "") {
      this.value = value;
      this.range.style.setProperty("--filled", this.scale.share(value));
      if (this.scale.isSpoken) this.range.setAttribute("aria-valuetext", this.written);
    }
    if (this.place !== value) this.range.value = this.scale.toPosition(value);
    const isTyping = document.activeElement === this.field && this.isAhead();
    if (this.field.value !== this.written && !isTyping) this.field.value = this.written;
  }
}

/** Typing into a field that has just been entered replaces what it says; letting go of the mouse must not undo that. */
function selectWhole(field) {
  let isEntering = false;
  field.addEventListener("pointerdown", () => (isEntering = document.activeElement !== field));
  field.addEventListener("focus", () => field.select());
  field.addEventListener("mouseup", (event) => {
    const selected = field.selectionEnd - field.selectionStart;
    if (isEntering && (selected === 0 || selected === field.value.length)) {
      event.preventDefault();
      field.select();
    }
    isEntering = false;
  });
}

/** An iPhone's pad for numbers has no minus. */
function keypad(least) {
  return least < 0 ? "text" : "decimal";
}
