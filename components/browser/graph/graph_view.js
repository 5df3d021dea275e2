import { onLight } from "../highlight.js";
import { channelOf } from "../channel.js";
import { save } from "../save.js";
import { actOf } from "../keyboard.js";
import { styles } from "../styles.js";
import { Culling } from "./culling.js";
import { neighbour } from "./keys.js";
import { Minimap } from "./minimap.js";
import { PanZoom } from "./pan_zoom.js";
import { EdgeView, NodeView } from "./parts.js";
import { Table } from "./table.js";
import { asPng, asSvg } from "./take_away.js";
import { WalkBar } from "./walk_bar.js";
import { icon } from "./icon.js";

await Promise.all([styles("../page.css", import.meta.url), styles("graph_view.css", import.meta.url)]);

const NARROW_PX = 640;
const FRAME_PX = 30;
const PARTS = "[data-group], [data-node], [data-edge]";
const TYPES = { dot: "text/vnd.graphviz", json: "application/json", svg: "image/svg+xml", png: "image/png" };
const MODES = ["ahead", "both", "back"];

export default function render({ parentElement, data }) {
  const view = parentElement.graphView ?? (parentElement.graphView = new GraphView(parentElement, channelOf(data.page)));
  return () => view.close();
}

class GraphView {
  constructor(parent, channel) {
    this.channel = channel;
    this.root = document.createElement("div");
    this.root.className = "graph-view";
    this.root.innerHTML = `<div class="frame" data-mode="back">${SKELETON}</div>`;
    this.frame = this.root.firstElementChild;
    parent.append(this.root);
    const find = (selector) => this.root.querySelector(selector);
    this.window = find("[data-graph]");
    this.detail = find(".detail");
    this.remark = find(".remark");
    this.panZoom = new PanZoom(this.window);
    this.minimap = new Minimap(find(".minimap"), this.panZoom);
    this.culling = new Culling(this.panZoom);
    this.table = new Table(find(".table"));
    this.walk = new WalkBar(find(".walk-bar"), (step, released) => this.ask({ step }, released), () => channel.isAhead());
    this.listen();
    this.unsubscribe = channel.subscribe((message, structure) => this.update(message, structure));
    this.unlight = onLight((edges) => this.light(edges));
    this.resize = new ResizeObserver(([{ contentRect }]) => {
      this.width = contentRect.width;
      this.update(this.message, this.structure);
      this.panZoom.resized();
    });
    this.resize.observe(this.root);
  }

  close() {
    this.unsubscribe();
    this.unlight();
    this.walk.close();
    this.culling.close();
    cancelAnimationFrame(this.waiting);
    this.resize.disconnect();
    document.removeEventListener("keydown", this.onKey);
  }

  get isPresenting() {
    return document.documentElement.classList.contains("presenting");
  }

  /** Asks the server for another look at the graph. */
  ask(change, released = true, more = {}) {
    this.channel.submit({ look: { ...this.look, ...change }, released, ...more });
    this.look = { ...this.look, ...change };
  }

  update(message, structure) {
    this.message = message;
    this.structure = structure;
    if (!this.width || !structure?.graph) return;
    const isNarrow = this.width < NARROW_PX;
    this.look = message.graph.look;
    if (isNarrow && structure.graph.levels && this.look.view === "" && !message.graph.concept && !this.toldNarrow) {
      this.toldNarrow = true;
      return this.channel.submit({ narrow: true });
    }
    const isTight = this.width < Math.min(NARROW_PX, widthOf(structure.graph));
    const direction = isTight && innerHeight > innerWidth ? "TB" : "LR";
    const drawing = direction === "LR" && this.isPresenting && structure.graph.projected ? "projected" : direction;
    const isNew = this.drawn !== structure.graph || this.drawing !== drawing;
    if (isNew) this.draw(structure.graph, direction, drawing);
    if (isNew) this.uncover(message.hidden?.includes("gradients") ?? false);
    if (isNew || !this.culling.isOn) this.paint(message.graph);
    else this.waiting ??= requestAnimationFrame(() => this.paintLatest());
    this.take(message);
    this.say(message.remark);
  }

  /** Without gradients there is nothing to choose: the arrows carry values. */
  uncover(isCovered) {
    this.root.querySelector('[aria-label="On the arrows"]').hidden = isCovered;
    if (isCovered) this.frame.dataset.mode = "ahead";
  }

  /** A drawing of many nodes is painted once in a frame, however many messages come. */
  paintLatest() {
    this.waiting = null;
    this.paint(this.message.graph);
  }

  /** A sentence about the whole state, below the graph. */
  say({ text, isWarning }) {
    if (this.remark.textContent === text) return;
    this.remark.textContent = text;
    this.remark.classList.toggle("warning", isWarning);
  }

  /** Structure: rarely. The drawing is the server's own and carries no visitor's text. */
  draw(graph, direction, drawing) {
    this.drawn = graph;
    this.drawing = drawing;
    this.frame.dataset.direction = direction;
    this.root.querySelector('[aria-label="Level of detail"]').hidden = !graph.levels;
    this.root.querySelector('[data-tool="walk"]').hidden = graph.walks === false;
    if (graph.error) {
      this.window.textContent = graph.error;
      return;
    }
    const hadFocus = this.window.contains(document.activeElement) ? document.activeElement.dataset : null;
    this.window.innerHTML = `<div class="sheet">${graph[drawing]}</div>`;
    this.svg = this.window.firstElementChild.firstElementChild;
    this.direction = this.svg.classList.contains("upright") ? "TB" : "LR";
    this.nodes = [...this.svg.querySelectorAll("[data-node]")].map((root) => new NodeView(root));
    const byId = new Map(this.nodes.map((node) => [node.id, node]));
    this.edges = [...this.svg.querySelectorAll("[data-edge]")].map((root) => new EdgeView(root, byId));
    this.culling.attach(this.svg, this.nodes, this.edges);
    this.panZoom.attach(this.svg, this.anchor && this.find(this.anchor.data), this.anchor);
    this.minimap.attach(this.svg);
    this.table.attach(this.nodes, this.edges);
    this.anchor = null;
    this.now = "";
    if (hadFocus) this.find(hadFocus)?.focus();
  }

  /** The element of the drawing with the same id. */
  find({ group, node, edge }) {
    const name = group ? "group" : node ? "node" : "edge";
    return this.svg.querySelector(`[data-${name}="${CSS.escape(group ?? node ?? edge)}"]`);
  }

  /** Numbers: always, as text. */
  paint(graph) {
    if (!this.nodes) return;
    const painted = [...graph.nodes.map((numbers, i) => this.nodes[i].paint(numbers)), ...graph.edges.map((numbers, i) => this.edges[i].paint(numbers))];
    this.select(graph.look.node, graph.inspector);
    this.walk.say(graph.look.step, graph.walk);
    this.pointAt(graph.walk);
    this.markFaulty(graph.faulty ?? []);
    this.press("view", graph.concept ? "concept" : "full");
    this.frame.classList.toggle("walking", graph.walk !== undefined);
    if (painted.includes(true)) {
      for (const kind of ["infinite", "undefined"]) this.frame.classList.toggle(`is-${kind}`, graph.edges.some((edge) => edge[3] === kind));
      this.table.fill();
    }
    if (this.shown) this.tell(this.shown);
  }

  /** Marks the selected part, and for a leaf every path to it. */
  select(id, inspector) {
    for (const part of this.nodes) part.root.setAttribute("aria-pressed", String(part.id === id));
    for (const part of this.edges) part.root.setAttribute("aria-pressed", String(part.id === id));
    this.paths = inspector?.sections.flatMap(({ lines }) => lines.flatMap(({ edges }) => edges ?? [])) ?? [];
    this.light(null);
    if (id && id !== this.selected) this.comeIntoView(id);
    this.selected = id;
  }

  /** In a part of the drawing that is shown; on a narrow screen the inspector lies over the page's lower half. */
  comeIntoView(id) {
    const part = [...this.nodes, ...this.edges].find((view) => view.id === id);
    if (this.frame.dataset.direction !== "TB") return part && this.panZoom.reveal(part.root);
    const { top, height } = part.root.getBoundingClientRect();
    const main = this.root.closest('[data-testid="stMain"]') ?? document.scrollingElement;
    main.scrollBy({ top: top + height / 2 - innerHeight * 0.2 });
  }

  light(edges) {
    if (!this.nodes) return;
    const lit = new Set(edges ?? this.paths);
    const ends = new Set(this.edges.filter(({ id }) => lit.has(id)).flatMap(({ root: { dataset } }) => [dataset.from, dataset.to]));
    this.frame.classList.toggle("tracing", lit.size > 0);
    for (const { root, id } of this.edges) root.classList.toggle("lit", lit.has(id));
    for (const { root, id } of this.nodes) root.classList.toggle("lit", ends.has(id));
  }

  /** Marks the parts where the numbers go wrong. */
  markFaulty(ids) {
    for (const part of [...this.nodes, ...this.edges]) part.root.classList.toggle("faulty", ids.includes(part.id));
  }

  /** The walk's node, and the arrows along which something moves in this step. */
  pointAt(walk) {
    const now = walk ? `${walk.phase} ${walk.node}` : "";
    if (now === this.now) return;
    this.now = now;
    const mark = (root, isOn) => (isOn ? (root.dataset.now = walk.phase) : delete root.dataset.now);
    for (const { root, id } of this.nodes) mark(root, walk && walk.phase !== "start" && id === walk.node);
    const here = walk && this.nodes.find(({ id }) => id === walk.node);
    if (here) this.panZoom.reveal(here.root);
    for (const { root } of this.edges) mark(root, walk && walk.phase !== "start" && root.dataset.from === walk.node);
  }

  listen() {
    const part = (target) => target.closest?.(PARTS);
    this.window.addEventListener("pointerover", ({ target }) => this.tell(part(target)));
    this.window.addEventListener("pointerleave", () => this.tell(null));
    this.window.addEventListener("focusin", ({ target }) => this.tell(part(target)));
    this.window.addEventListener("focusout", () => this.tell(null));
    this.window.addEventListener("click", ({ target }) => this.panZoom.moved || this.choose(part(target)));
    this.window.addEventListener("keydown", (event) => this.key(event));
    this.root.querySelector(".bar").addEventListener("click", ({ target }) => this.tool(target.closest("button")));
    document.addEventListener("fullscreenchange", () => document.fullscreenElement || this.fill(false));
    this.onKey = (event) => actOf(event, "page") === "view" && this.switchView();
    document.addEventListener("keydown", this.onKey);
  }

  key(event) {
    const here = event.target.closest(PARTS);
    if (!here || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && this.look.node) this.ask({ node: "" });
    else if (event.key === "Enter" || event.key === " ") this.choose(here);
    else {
      const next = here.dataset.group ? null : neighbour(event.key, here, this);
      if (!next && !event.key.startsWith("Arrow")) return;
      next?.focus();
    }
    event.preventDefault();
  }

  choose(part) {
    if (part?.dataset.group) return this.toggle(part);
    const id = part?.dataset.node ?? part?.dataset.edge ?? "";
    if (id !== "" || this.look.node) this.ask({ node: id === this.look.node ? "" : id });
  }

  /** Opens or closes a group; its handle stays under the pointer. */
  toggle(handle) {
    const { group } = handle.dataset;
    const box = handle.getBoundingClientRect();
    this.anchor = { data: { group }, clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 };
    const { opened } = this.look;
    this.ask({ opened: opened.includes(group) ? opened.filter((name) => name !== group) : [...opened, group] }, true, this.walked());
  }

  /** Where the walk stands, for a look with other steps. */
  walked() {
    const { walk } = this.message.graph;
    return { walked: walk ? [walk.phase, walk.node] : null };
  }

  tool(button) {
    const { tool, view, mode, save: kind } = button?.dataset ?? {};
    if (tool === "fit") this.panZoom.fit();
    if (tool === "in") this.panZoom.zoom(1.25);
    if (tool === "out") this.panZoom.zoom(0.8);
    if (tool === "walk") this.walk.isOn ? this.walk.act("leave") : this.walk.start();
    if (tool === "table") this.tabulate(button);
    if (tool === "fill") this.fill(!document.documentElement.classList.contains("graph-fills"));
    if (view) this.see(view);
    if (mode) this.press("mode", (this.frame.dataset.mode = mode));
    if (kind) this.takeAway(kind);
  }

  switchView() {
    if (this.structure?.graph?.levels) this.see(this.message.graph.concept ? "full" : "concept");
  }

  see(view) {
    this.ask({ view: view === this.usual() ? "" : view, opened: [] }, true, this.walked());
  }

  /** The view of this screen that needs no word in the address. */
  usual() {
    return this.width < NARROW_PX || this.isPresenting ? "concept" : "full";
  }

  press(group, name) {
    for (const button of this.root.querySelectorAll(`[data-${group}]`)) {
      if (button !== this.frame) button.setAttribute("aria-pressed", String(button.dataset[group] === name));
    }
  }

  tabulate(button) {
    this.table.root.hidden = !this.table.root.hidden;
    button.setAttribute("aria-pressed", String(!this.table.root.hidden));
    this.table.fill();
  }

  /** Graph, sliders and inspector over the whole screen. */
  fill(isOn) {
    document.documentElement.classList.toggle("graph-fills", isOn);
    this.root.querySelector('[data-tool="fill"]').setAttribute("aria-pressed", String(isOn));
    if (isOn) document.documentElement.requestFullscreen?.().catch(() => {});
    else if (document.fullscreenElement) document.exitFullscreen();
    requestAnimationFrame(() => this.svg && this.panZoom.fit());
  }

  async takeAway(kind) {
    this.root.querySelector("details").open = false;
    if (kind === "svg") save(await this.culling.withTexts(() => asSvg(this.svg)), "graph.svg", TYPES.svg);
    else if (kind === "png") save(await asPng(this.svg), "graph.png", TYPES.png);
    else this.channel.submit({ take: kind });
  }

  take(message) {
    if (!message.graph.taken || this.taken === message) return;
    this.taken = message;
    const { kind, text } = message.graph.taken;
    save(text, `graph.${kind}`, TYPES[kind]);
  }

  /** The line below the graph: all digits of the part under the pointer or in focus. */
  tell(part) {
    this.shown = part?.dataset.group ? null : part;
    const view = this.shown && [...this.nodes, ...this.edges].find(({ root }) => root === part);
    const sentence = view ? view.sentence() : "";
    if (this.detail.textContent === sentence) return;
    this.detail.textContent = sentence;
    this.detail.parentElement.classList.toggle("telling", sentence !== "");
  }
}

/** The width that a graph lying down takes at scale 1, with its frame; a small one has room where others must stand. */
function widthOf({ LR }) {
  return LR ? Number(LR.match(/viewBox="\S+ \S+ (\S+)/)[1]) + FRAME_PX : 0;
}

const buttons = (group, names) =>
  names.map(([name, label, title]) => `<button type="button" data-${group}="${name}" aria-pressed="false" title="${title}">${label}</button>`).join("");

const SKELETON = `
  <div class="bar">
    <div class="segments" role="group" aria-label="Level of detail">
      ${buttons("view", [["concept", "Concept", "The six quantities of the neuron"], ["full", "Full", "Every node of torch's backward graph"]])}
    </div>
    <div class="segments" role="group" aria-label="On the arrows">
      ${buttons("mode", [[MODES[0], "Values →", "Forward: values on the arrows"], [MODES[1], "Both", "Values and gradients on the arrows"], [MODES[2], "← Gradients", "Backward: gradients on the arrows"]])}
    </div>
    <button type="button" class="walk" data-tool="walk">Walk through</button>
    <div class="legend" aria-hidden="true">
      <span class="forward">value</span><span class="backward">gradient</span>
      <span class="sample minus">negative</span><span class="sample zero">zero</span><span class="sample none">none</span>
      <span class="sample infinite">infinite</span><span class="sample undefined">nan</span>
    </div>
    <div class="tools">
      <span class="zoom" role="group" aria-label="Zoom">
        <button type="button" data-tool="out" aria-label="Zoom out">−</button>
        <button type="button" data-tool="in" aria-label="Zoom in">+</button>
        <button type="button" data-tool="fit">Fit</button>
      </span>
      <button type="button" class="tabulate" data-tool="table" aria-pressed="false">Table</button>
      <details class="take">
        <summary>Save</summary>
        <div>${buttons("save", [["svg", "SVG", "A drawing"], ["png", "PNG", "A picture"], ["dot", "DOT", "For Graphviz"], ["json", "JSON", "For programs"]])}</div>
      </details>
      <button type="button" data-tool="fill" aria-pressed="false" aria-label="Full screen" title="Full screen">${icon("M2 6V2H6M10 2H14V6M14 10V14H10M6 14H2V10")}</button>
    </div>
  </div>
  <div class="window" data-graph></div>
  <div class="minimap" aria-hidden="true" hidden></div>
  <div class="table" hidden></div>
  <div class="line-of-words">
    <p class="detail"></p>
    <p class="remark" role="status"></p>
  </div>
  <div class="walk-bar" hidden></div>`;
