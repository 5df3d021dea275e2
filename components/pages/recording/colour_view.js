// By which figure the graph's nodes are coloured, and the legend: the ends of the scale, and what has no place on it.

import { element, setText } from "../../browser/shell/dom.js";

const NONE = ["", "nothing"];
const KINDS = { zero: "exactly 0", broken: "nan or inf", sound: "none" };

export default class ColourView {
  constructor(section, { line }) {
    Object.assign(this, { line, page: section.parentElement });
    this.choice = element("select", { "aria-label": "Colour by" });
    this.choice.addEventListener("change", () => line.change({ colour: this.choice.value }, true));
    this.ends = ["low", "high"].map((name) => element("span", { className: `end ${name}` }));
    this.ramp = element("span", { className: "ramp", role: "img" });
    this.scale = element("span", { className: "scale" }, [this.ends[0], this.ramp, this.ends[1]]);
    this.kinds = Object.entries(KINDS).map(([level, text]) => kindOf(level, text));
    this.bare = kindOf("bare", "");
    this.about = element("span", { className: "about" });
    const parts = [this.scale, ...this.kinds, this.bare, this.about];
    this.legend = element("p", { className: "levels" }, parts);
    const label = element("label", {}, [element("span", { textContent: "Colour by" }), this.choice]);
    this.root = element("div", { className: "colour-view" }, [label, this.legend]);
    section.append(this.root);
  }

  close() {
    this.forget();
  }

  update({ graph, values }, { figures, levels }) {
    if (figures !== this.figures) this.offer((this.figures = figures));
    this.choice.value = values.colour;
    this.levels = levels;
    this.recolour();
    const legend = graph.colours?.legend;
    this.legend.hidden = !legend;
    if (legend) this.say(legend);
  }

  offer(figures) {
    const options = [NONE, ...figures].map(([value, textContent]) => element("option", { value, textContent }));
    this.choice.replaceChildren(...options);
  }

  /** The more, the farther from the page's own colour: upwards to dark on a light page, to light on a dark one. */
  recolour() {
    const scheme = getComputedStyle(this.page).colorScheme;
    if (!this.levels || scheme === this.scheme) return;
    this.scheme = scheme;
    const levels = scheme.includes("dark") ? this.levels : this.levels.toReversed();
    this.named = levels.flatMap(([fill, text], level) => [[`--level-${level}`, fill], [`--on-${level}`, text]]);
    for (const [name, colour] of this.named) this.page.style.setProperty(name, colour);
    const steps = levels.map((_, level) => element("i", { "data-level": level }));
    this.ramp.replaceChildren(...steps);
  }

  forget() {
    for (const [name] of this.named ?? []) this.page.style.removeProperty(name);
  }

  say({ about, ends, kinds, bare, of }) {
    this.scale.hidden = !ends;
    this.ends.forEach((end, i) => setText(end, ends?.[i] ?? ""));
    if (ends) this.ramp.setAttribute("aria-label", `from ${ends[0]} to ${ends[1]}`);
    for (const kind of this.kinds) kind.hidden = !kinds.includes(kind.firstChild.dataset.level);
    this.bare.hidden = !bare;
    setText(this.bare.lastChild, `not recorded: ${bare} of ${of}`);
    setText(this.about, about);
  }
}

function kindOf(level, text) {
  const sample = element("i", { "data-level": level });
  return element("span", { className: "kind" }, [sample, element("span", { textContent: text })]);
}
