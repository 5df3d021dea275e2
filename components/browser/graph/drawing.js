// The graph's drawing: put in place once for a structure, painted with the numbers of every message.

import { DifferenceMarks } from "./difference_mark.js";
import { frameTitlesOf, markFound } from "./found_mark.js";
import { Labels } from "./labels.js";
import { markMatches } from "./match_mark.js";
import { EdgeView, NodeView } from "./parts.js";

export class Drawing {
  /** `window` is where it is drawn, `frame` carries what holds for all of it. */
  constructor(window, frame) {
    this.differences = new DifferenceMarks();
    Object.assign(this, { window, frame, svg: null, nodes: [], edges: [], paths: [], ...unmarked() });
  }

  get parts() {
    return [...this.nodes, ...this.edges];
  }

  /** Shows a text instead. */
  fail(text) {
    this.window.textContent = text;
    this.frame.classList.add("blank");
    Object.assign(this, { svg: null, nodes: [], edges: [] });
  }

  /** Structure: rarely. The drawing is the server's own and carries no visitor's text. */
  draw(text, labels) {
    this.window.innerHTML = `<div class="sheet">${text}</div>`;
    this.svg = this.window.firstElementChild.firstElementChild;
    this.frame.classList.remove("blank");
    this.direction = this.svg.classList.contains("upright") ? "TB" : "LR";
    const written = labels && new Labels(labels);
    const roots = (name) => [...this.svg.querySelectorAll(`[data-${name}]`)];
    this.nodes = roots("node").map((root, i) => new NodeView(root, written?.ofNode(i)));
    this.byId = new Map(this.nodes.map((node) => [node.id, node]));
    this.edges = roots("edge").map((root, i) => new EdgeView(root, this.byId, written?.ofEdge(i)));
    const { x, y, width, height } = this.svg.viewBox.baseVal; // another one once it is moved
    const box = { x, y, width, height, isUpright: this.direction === "TB", frameTitles: frameTitlesOf(this.svg) };
    Object.assign(this, { box, ...unmarked() });
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
    const pressed = this.parts.filter((part) => part.id === id);
    for (const part of new Set([...this.pressed, ...pressed])) {
      part.root.setAttribute("aria-pressed", String(part.id === id));
    }
    this.pressed = pressed;
    const lines = inspector?.sections.flatMap((section) => section.lines) ?? [];
    this.paths = lines.flatMap(({ edges }) => edges ?? []);
    this.light(null);
  }

  /** Lights up edges and the nodes at their ends; null: the selected leaf's paths. */
  light(ids) {
    const lit = new Set(ids ?? this.paths);
    const edges = lit.size ? this.edges.filter(({ id }) => lit.has(id)) : [];
    this.frame.classList.toggle("tracing", lit.size > 0);
    this.mark("lit", [...edges, ...edges.flatMap(({ consumer, input }) => [consumer, input])]);
  }

  /** Marks the parts where the numbers go wrong. */
  markFaulty(ids) {
    const faulty = new Set(ids);
    this.mark("faulty", ids.length ? this.parts.filter(({ id }) => faulty.has(id)) : []);
  }

  /** Gives these parts a class, and takes it from those that had it. */
  mark(name, parts) {
    for (const { root } of this.marked[name] ?? []) root.classList.remove(name);
    for (const { root } of parts) root.classList.add(name);
    this.marked[name] = parts;
  }

  /** Marks the nodes at which something was found wrong, and says at the first what; null: nothing was. */
  markFound(found) {
    const key = found ? JSON.stringify([found.nodes, found.title, found.text]) : "";
    if (key === this.found) return;
    this.found = key;
    for (const unmark of this.marks) unmark();
    const roots = (found?.nodes ?? []).map((id) => this.byId.get(id)?.root).filter(Boolean);
    this.marks = roots.map((root, i) => markFound(root, this.box, { ...found, title: i ? "" : found.title }));
  }

  /** Marks the nodes that differ from those of a second graph, by id; nothing: none does. */
  markDifferences(marks) {
    this.differences.show(this, marks);
  }

  /** Marks the nodes that a search has found; one that is folded away has its owner marked. */
  markMatches(ids, owners = {}) {
    if (ids === this.matched) return;
    this.matched = ids;
    this.unmatch?.();
    this.matches = [...new Set(ids.map((id) => this.byId.get(id) ?? this.byId.get(owners[id])).filter(Boolean))];
    this.unmatch = markMatches(this.svg, this.matches);
  }

  /** Says of each node which line of a program made it. */
  markLines(lines) {
    const said = JSON.stringify(lines);
    if (said === this.lines) return;
    this.lines = said;
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

/** What a new drawing begins with. */
function unmarked() {
  return { step: "", found: "", lines: "", marks: [], pressed: [], marked: {}, matched: null, matches: [] };
}
