// The line below the graph: a sentence about the whole state, or all digits of the part that is pointed at.

import { setExplained } from "../glossary/glossary.js";
import { setText } from "../shell/dom.js";

export class Words {
  constructor(root) {
    this.root = root;
    this.detail = root.querySelector(".detail");
    this.remark = root.querySelector(".remark");
  }

  say({ text, isWarning }) {
    setExplained(this.remark, text);
    this.remark.classList.toggle("warning", isWarning);
  }

  tell(sentence) {
    setText(this.detail, sentence);
    this.root.classList.toggle("telling", sentence !== "");
  }
}
