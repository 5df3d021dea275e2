// A slider with its number field, under one name.

import { explainIn } from "../glossary/glossary.js";
import { element } from "../shell/dom.js";
import { EditedField } from "./edited_field.js";
import { scaleOf } from "./scale.js";
import { readNumber } from "./typed_number.js";

export class NumberControl {
  /** `onChange(value, released)` is called with a number of the slider, or with the text as typed into the field. */
  constructor(slider, { onChange }) {
    Object.assign(this, slider, { onChange, value: null, typed: null, isKeyDown: false });
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
    this.entry = new EditedField(this.field, (text) => this.type(text));
    this.listenToRange();
    this.field.addEventListener("keydown", (event) => this.arrow(event));
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

  /** The arrow keys go one step from what the field says, typed or not. */
  arrow(event) {
    if (!["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    const typed = this.field.value === this.written ? null : readNumber(this.field.value);
    if (typed !== null) this.range.value = this.scale.toPosition(typed);
    this.range.stepUp(event.key === "ArrowUp" ? 1 : -1);
    this.entry.discard();
    this.move(this.place, true);
  }

  /** The number that the slider stands on. */
  get place() {
    return this.scale.toNumber(Number(this.range.value));
  }

  /** Takes what was entered, unless that is what the field said already. */
  type(text) {
    if (text === (this.typed ?? this.written)) return;
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
    this.entry.show(this.written);
  }
}

/** An iPhone's pad for numbers has no minus. */
function keypad(least) {
  return least < 0 ? "text" : "decimal";
}
