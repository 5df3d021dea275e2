// What one node or one arrow of the graph does, in typeset mathematics: the selected one's numbers, live.

import { explainIn, setExplained } from "../glossary/glossary.js";
import { setEquation, setMath } from "../maths/typeset.js";
import { button, element, setText } from "../shell/dom.js";
import { hoverEdges } from "../shell/hover.js";

/** Shows what the server says of the selected part; lines stay in place while their numbers change. */
export default class Inspector {
  constructor(root, { graph }) {
    this.graph = graph;
    this.root = element("section", { className: "inspector", hidden: true, "aria-label": "Inspector" });
    root.append(this.root);
    this.root.addEventListener("pointerleave", () => hoverEdges(null));
  }

  close() {
    document.documentElement.classList.remove("inspecting");
  }

  update({ graph: { inspector } }) {
    this.root.hidden = !inspector;
    document.documentElement.classList.toggle("inspecting", Boolean(inspector));
    if (!inspector) return this.root.removeAttribute("data-inspector");
    const { id, sections } = inspector;
    const shape = JSON.stringify([id, sections.map(({ head, lines }) => [head, lines.map(shapeOf)])]);
    if (shape !== this.shape) this.build(inspector);
    this.shape = shape;
    this.root.dataset.inspector = id;
    sections.flatMap(({ lines }) => lines).forEach((line, i) => this.fill(this.lines[i], line));
  }

  build({ symbol, title, word, torch, kind, sections }) {
    const name = element("h2", { className: "title" });
    setMath(name, title);
    const close = button("×", { className: "close", "aria-label": "Close the inspector" }, () => this.select(""));
    const sign = symbol ? [element("span", { className: "symbol", textContent: symbol })] : [];
    const about = [torch, word, kind].filter(Boolean).map((text) => {
      return explainIn(element("span", { className: text === torch ? "torch" : "", textContent: text }));
    });
    this.lines = [];
    this.root.replaceChildren(
      element("header", {}, [...sign, name, close]),
      element("p", { className: "about" }, about),
      ...sections.map((section) => this.section(section)),
    );
    this.root.scrollTop = 0;
  }

  section({ head, lines }) {
    const parts = lines.map((line) => this.line(line));
    this.lines.push(...parts);
    const roots = parts.map(({ root }) => root);
    return element("div", { className: "section" }, [explainIn(element("h3", { textContent: head })), ...roots]);
  }

  line({ label, go, edges, product }) {
    const properties = { className: "label" };
    const name = go ? button(label ?? "", properties, () => this.select(go)) : element("span", properties);
    const math = element("span", { className: "math" });
    const factors = element("span", { className: "factors" });
    const parts = [...(label === undefined ? [] : [name]), math, factors];
    const root = element("div", { className: product ? "line product" : "line" }, parts);
    if (edges) hoverable(root, edges);
    return { root, name, math, factors };
  }

  fill({ name, math, factors }, line) {
    if (line.label !== undefined) (line.go ? setText : setExplained)(name, line.label);
    setEquation(math, line.math);
    if (line.factors) setEquation(factors, ` = ${line.named} = ${line.factors.join(" × ")}`);
  }

  select(node) {
    this.graph.change({ node });
  }
}

/** A line about a path lights up the path's edges. */
function hoverable(root, edges) {
  root.classList.add("path");
  root.tabIndex = 0;
  for (const event of ["pointerenter", "focus"]) root.addEventListener(event, () => hoverEdges(edges));
  for (const event of ["pointerleave", "blur"]) root.addEventListener(event, () => hoverEdges(null));
}

/** What a line consists of, whatever its numbers are. */
function shapeOf({ label, go, edges, product, factors }) {
  return [label === undefined, go, edges, product === true, factors?.length];
}
