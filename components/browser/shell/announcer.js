// Says to a screen reader what a change came to, once the hand rests: not every number on the way.

const REST_MS = 700;

export class Announcer {
  constructor(parent) {
    this.place = Object.assign(document.createElement("p"), { className: "announcer" });
    this.place.setAttribute("role", "status");
    parent.append(this.place);
  }

  /** `spoken`: pairs of a word and a readout's name; neither what the page opens with nor what it hides is announced. */
  hear({ readouts }, { spoken = [] }) {
    const sentence = spoken.filter(([, name]) => readouts[name]).map(([word, name]) => `${word} ${readouts[name][1]}`).join(", ");
    const isFirst = this.sentence === undefined;
    if (sentence === this.sentence) return;
    this.sentence = sentence;
    clearTimeout(this.rest);
    if (!isFirst) this.rest = setTimeout(() => (this.place.textContent = `${sentence}.`), REST_MS);
  }

  close() {
    clearTimeout(this.rest);
  }
}
