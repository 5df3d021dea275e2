// Says to a screen reader what a change came to, once the hand rests: not every number on the way.

import { element, setText } from "./dom.js";

const REST_MS = 700;

export class Announcer {
  constructor() {
    this.root = element("p", { className: "announcer", role: "status" });
  }

  /** `spoken`: pairs of a word and a readout's name. What the page opens with, and what it hides, is not announced. */
  update({ readouts }, { spoken = [] }) {
    const said = spoken.filter(([, name]) => readouts[name]).map(([word, name]) => `${word} ${readouts[name][1]}`);
    const sentence = said.join(", ");
    const isFirst = this.sentence === undefined;
    if (sentence === this.sentence) return;
    this.sentence = sentence;
    clearTimeout(this.rest);
    if (!isFirst) this.rest = setTimeout(() => setText(this.root, `${sentence}.`), REST_MS);
  }

  close() {
    clearTimeout(this.rest);
  }
}
