// The strip of backward passes, a button for each, of which one's graph is shown.

import { button, element } from "../shell/dom.js";

/** The graph of all values, tracked or not, where a finding is about what no pass has reached. */
const BUILT = ["values", "All values, tracked or not"];

export default class MomentsView {
  constructor(section, { line }) {
    this.line = line;
    this.strip = element("div", { className: "strip", role: "group", "aria-label": "Backward passes" });
    this.more = element("span", { className: "more" });
    this.root = element("div", { className: "moments-view" }, [this.strip, this.more]);
    section.append(this.root);
    this.root.addEventListener("keydown", (event) => this.key(event));
  }

  close() {}

  update({ moments: { at, passes, made, isBuilt } }) {
    this.places = passes.length && isBuilt ? [null, ...passes.keys()] : [...passes.keys()];
    this.strip.hidden = this.places.length < 2;
    const shape = JSON.stringify([passes, isBuilt]);
    if (shape !== this.shape) this.build(passes);
    this.shape = shape;
    this.more.textContent = made > passes.length ? `and ${made - passes.length} more, not kept` : "";
    const shown = this.places.indexOf(at);
    [...this.strip.children].forEach((one, place) => one.setAttribute("aria-pressed", String(place === shown)));
    if (shown !== this.shown) this.strip.children[shown]?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.shown = shown;
  }

  build(passes) {
    this.strip.replaceChildren(...this.places.map((place) => {
      const [label, title] = place === null ? BUILT : called(passes[place], place);
      return button(label, { className: "chip", title, "aria-label": title }, () => this.choose(place));
    }));
  }

  choose(place) {
    this.line.change({ moment: place }, true);
  }

  key({ key, target }) {
    const last = this.places.length - 1;
    const next = { ArrowLeft: this.shown - 1, ArrowRight: this.shown + 1, Home: 0, End: last }[key];
    if (next === undefined || !this.strip.contains(target) || !this.strip.children[next]) return;
    this.strip.children[next].focus();
    this.choose(this.places[next]);
  }
}

function called({ line, call, nodes }, place) {
  const where = line === null ? "" : ` in line ${line}`;
  const title = `${ordinal(place + 1)} backward pass: ${call}${where}, ${nodes} nodes`;
  return [place ? String(place + 1) : `pass ${place + 1}`, title];
}

function ordinal(number) {
  const tail = number % 100 > 10 && number % 100 < 14 ? "th" : ["th", "st", "nd", "rd"][number % 10] ?? "th";
  return `${number}${tail}`;
}
