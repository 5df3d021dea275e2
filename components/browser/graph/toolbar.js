// The bar above the graph: level of detail, what the arrows carry, the walk, the legend, zoom, table, files.

import { element, fromHtml } from "../shell/dom.js";
import { icon } from "./icon.js";

const VIEWS = [
  ["concept", "Concept", "What has a name; the steps between are folded"],
  ["full", "Full", "Every node of torch's backward graph"],
];
const ARROWS = [
  ["ahead", "Values →", "Forward: values on the arrows"],
  ["both", "Both", "Values and gradients on the arrows"],
  ["back", "← Gradients", "Backward: gradients on the arrows"],
];
const FILES = [
  ["svg", "SVG", "A drawing"],
  ["png", "PNG", "A picture"],
  ["dot", "DOT", "For Graphviz"],
  ["json", "JSON", "For programs, and to be opened here again"],
  ["model-explorer", "Model Explorer", "JSON for Google’s Model Explorer"],
];
const FILL_ICON = icon("M2 6V2H6M10 2H14V6M14 10V14H10M6 14H2V10");

export class Toolbar {
  /** `act(group, name)` is called at a click: a `tool`, a `view`, what the `arrows` carry, a kind of file to `save`. */
  constructor(act) {
    this.root = fromHtml(SKELETON);
    this.root.addEventListener("click", ({ target }) => {
      const group = GROUPS.find((name) => target.closest("button")?.dataset[name]);
      if (group) act(group, target.closest("button").dataset[group]);
    });
    const [views, arrows] = this.root.querySelectorAll(".segments");
    Object.assign(this, { views, arrows, files: this.root.querySelector("details") });
  }

  /** The button of a tool. */
  tool(name) {
    return this.root.querySelector(`[data-tool="${name}"]`);
  }

  /** Marks the chosen one of a group's buttons. */
  press(group, name) {
    for (const one of this.root.querySelectorAll(`[data-${group}]`)) {
      const isPressed = String(one.dataset[group] === name);
      if (one.getAttribute("aria-pressed") !== isPressed) one.setAttribute("aria-pressed", isPressed);
    }
  }

  /** Offers what a graph has: levels of detail, and a walk. */
  offer({ usual, walks, titles = {} }) {
    this.views.hidden = !usual;
    for (const [name, label, title] of VIEWS) {
      const [text, tip] = titles[name] ?? [label, title];
      Object.assign(this.views.querySelector(`[data-view="${name}"]`), { textContent: text, title: tip });
    }
    this.tool("walk").hidden = walks === false;
  }
}

/** What graph, table, minimap and walk stand in; the bar goes on top of it. */
export function frameOf(toolbar) {
  const frame = element("div", { className: "frame blank", "data-mode": "back" }, [toolbar.root]);
  frame.insertAdjacentHTML("beforeend", FRAME);
  return frame;
}

const GROUPS = ["tool", "view", "arrows", "save"];

const buttons = (group, entries) => entries.map(([name, label, title]) => (
  `<button type="button" data-${group}="${name}" aria-pressed="false" title="${title}">${label}</button>`
)).join("");

const SKELETON = `
  <div class="bar">
    <div class="segments" role="group" aria-label="Level of detail">${buttons("view", VIEWS)}</div>
    <div class="segments" role="group" aria-label="On the arrows">${buttons("arrows", ARROWS)}</div>
    <button type="button" class="walk" data-tool="walk">Walk through</button>
    <div class="legend" aria-hidden="true">
      <span class="forward">value</span><span class="backward">gradient</span>
      <span class="sample minus">negative</span><span class="sample zero">zero</span>
      <span class="sample none">none</span><span class="sample thick">large</span>
      <span class="sample infinite">infinite</span><span class="sample undefined">nan</span>
    </div>
    <div class="tools">
      <span class="zoom" role="group" aria-label="Zoom">
        <button type="button" data-tool="out" aria-label="Zoom out">−</button>
        <button type="button" data-tool="in" aria-label="Zoom in">+</button>
        <button type="button" data-tool="fit">Fit</button>
      </span>
      <button type="button" class="tabulate" data-tool="table" aria-pressed="false">Table</button>
      <details class="take"><summary>Save</summary><div>${buttons("save", FILES)}</div></details>
      <button type="button" data-tool="fill" aria-pressed="false" aria-label="Full screen" title="Full screen">
        ${FILL_ICON}
      </button>
    </div>
  </div>`;

const FRAME = `
  <div class="window" data-graph translate="no"></div>
  <button type="button" class="refit">Fit</button>
  <div class="minimap" aria-hidden="true"></div>
  <div class="table" translate="no" hidden></div>
  <div class="line-of-words">
    <p class="detail"></p>
    <p class="remark" role="status"></p>
  </div>
  <div class="walk-bar" hidden></div>`;
