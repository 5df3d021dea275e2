// The choice of a size of type: a button in the head that takes the next one, and all of them in the list of keys.

import { setText } from "../shell/dom.js";
import { nextSize, setTypeSize, typeSize } from "../shell/type_size.js";

export class TypeSwitch {
  /** `root` has the button (`.type`), one for each size (`data-size`), and a place (`.type-said`) that is read out. */
  constructor(root) {
    this.button = root.querySelector(".type");
    this.choices = [...root.querySelectorAll("[data-size]")];
    this.said = root.querySelector(".type-said");
    this.button.addEventListener("click", () => this.choose(nextSize(typeSize())));
    for (const choice of this.choices) {
      choice.addEventListener("click", () => this.choose(Number(choice.dataset.size)));
    }
    this.mark();
  }

  choose(size) {
    setTypeSize(size);
    setText(this.said, `Type: ${size} %`);
    this.mark();
  }

  mark() {
    const title = `Type: ${typeSize()} %`;
    Object.assign(this.button, { title, ariaLabel: title });
    for (const choice of this.choices) {
      choice.setAttribute("aria-pressed", String(Number(choice.dataset.size) === typeSize()));
    }
  }
}
