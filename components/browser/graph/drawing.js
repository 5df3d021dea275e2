// The graph's drawing: put in place once for a structure, painted with the numbers of every message.

import { DifferenceMarks } from "./difference_mark.js";
import { markFound } from "./found_mark.js";
import { EdgeView, NodeView } from "./parts.js";

export class Drawing {
  /** `window` is where it is drawn, `frame` carries what holds for all of it. */
  constructor(window, frame) {
    this.differences = new DifferenceMarks();
    Object.assign(this, { window, frame, svg: null, nodes: [], edges: [], paths: [], step: "", found: "", marks: [] });
  }

  get parts() {
    return [...this.nodes, ...this.edges];
  }

  /** Shows a text instead. */
  fail(text) {
    this.window.textContent = text;
    Object.assign(this, { svg: null, nodes: [], edges: [] });
  }

  /** Structure: rarely. The drawing is the server's own and carries no visitor's text. */
  draw(text) {
    this.window.innerHTML = `<div class="sheet">${text}</div>`;
    this.svg = this.window.firstElementChild.firstElementChild;
    this.direction = this.svg.classList.contains("upright") ? "TB" : "LR";
    this.nodes = [...this.svg.querySelectorAll("[data-node]")].map((root) => new NodeView(root));
    const byId = new Map(this.nodes.map((node) => [node.id, node]));
    this.edges = [...this.svg.querySelectorAll("[data-edge]")].map((root) => new EdgeView(root, byId));
    const { x, y, width, height } = this.svg.viewBox.baseVal; // another one once it is moved
    const box = { x, y, width, height, isUpright: this.direction === "TB" };
    Object.assign(this, { step: "", found: "", marks: [], box });
  }

  /** The element with the same id. */
  find({ group, node, edge }) {
    const name = group ? "group" : node ? "node" : "edge";
    return this.svg.querySelector(`[data-${name}="${CSS.escape(group ?? node ?? edge)}"]`);
  }

  /** Numbers: always, as text; whether any is new. */
  paint(graph) {
    const isNew = [
      ...graph.nodes.map((numbers, i) => this.nodes[i].paint(numbers)),
      ...graph.edges.map((numbers, i) => this.edges[i].paint(numbers)),
    ].includes(true);
    if (!isNew) return false;
    for (const kind of ["infinite", "undefined"]) {
      this.frame.classList.toggle(`is-${kind}`, graph.edges.some((edge) => edge[3] === kind));
    }
    return true;
  }

  /** Colours the cards by their levels on a scale, null: what has none; without levels, by nothing. */
  colour(levels) {
    this.nodes.forEach((node, i) => node.colour(levels ? String(levels[i] ?? "bare") : undefined));
  }

  /** Marks the selected part, and for a leaf every path to it. */
  select(id, inspector) {
    for (const part of this.parts) part.root.setAttribute("aria-pressed", String(part.id === id));
    const lines = inspector?.sections.flatMap((section) => section.lines) ?? [];
    this.paths = lines.flatMap(({ edges }) => edges ?? []);
    this.light(null);
  }

  /** Lights up edges and the nodes at their ends; null: the selected leaf's paths. */
  light(ids) {
    const lit = new Set(ids ?? this.paths);
    const edges = this.edges.filter(({ id }) => lit.has(id));
    const ends = new Set(edges.flatMap(({ root: { dataset } }) => [dataset.from, dataset.to]));
    this.frame.classList.toggle("tracing", lit.size > 0);
    for (const { root, id } of this.edges) root.classList.toggle("lit", lit.has(id));
    for (const { root, id } of this.nodes) root.classList.toggle("lit", ends.has(id));
  }

  /** Marks the parts where the numbers go wrong. */
  markFaulty(ids) {
    for (const part of this.parts) part.root.classList.toggle("faulty", ids.includes(part.id));
  }

  /** Marks the nodes at which something was found wrong, and says at the first what; null: nothing was. */
  markFound(found) {
    const key = found ? JSON.stringify([found.nodes, found.title, found.text]) : "";
    if (key === this.found) return;
    this.found = key;
    for (const unmark of this.marks) unmark();
    const roots = (found?.nodes ?? []).map((id) => this.nodes.find((node) => node.id === id)?.root).filter(Boolean);
    this.marks = roots.map((root, i) => markFound(root, this.box, { ...found, title: i ? "" : found.title }));
  }

  /** Marks the nodes that differ from those of a second graph, by id; nothing: none does. */
  markDifferences(marks) {
    this.differences.show(this, marks);
  }

  /** Says of each node which line of a program made it. */
  markLines(lines) {
    for (const { root, id } of this.nodes) {
      const line = lines[id];
      if (line === undefined) delete root.dataset.line;
      else root.dataset.line = line;
    }
  }

  /** Marks what a line of a program made; null: nothing. */
  lightLine(line) {
    const text = String(line);
    for (const { root } of this.nodes) root.classList.toggle("of-line", root.dataset.line === text);
  }

  /** Marks the walk's node, and the edges along which something moves in this step; a new step's node, or null. */
  showStep(walk) {
    const step = walk ? `${walk.phase} ${walk.node}` : "";
    if (step === this.step) return null;
    this.step = step;
    const { phase, node } = walk ?? { phase: "start" };
    const moving = phase === "start" ? null : node;
    const end = phase === "add" ? "to" : "from";
    const mark = (root, isOn) => {
      if (isOn) root.dataset.now = phase;
      else delete root.dataset.now;
    };
    for (const { root, id } of this.nodes) mark(root, id === moving);
    for (const { root } of this.edges) mark(root, root.dataset[end] === moving);
    return this.nodes.find(({ id }) => id === node) ?? null;
  }
}
