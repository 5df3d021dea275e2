// The backward graph: drawn once, painted at every update, with pan and zoom, a walk, a table and files.

import { element, isPresenting, scrollerOf } from "../shell/dom.js";
import { hoverLine, onHoverEdges, onHoverLine } from "../shell/hover.js";
import { actOf } from "../shell/keyboard.js";
import { save } from "../shell/save.js";
import { typeScale } from "../shell/type_size.js";
import { WheelFilter } from "../shell/wheel.js";
import { isLargerUpright, onPaper, widthOf } from "./arrangement.js";
import { Culling } from "./culling.js";
import { Drawing } from "./drawing.js";
import { asPng, asSvg } from "./image_file.js";
import { neighbour } from "./keys.js";
import { Minimap } from "./minimap.js";
import { PanZoom } from "./pan_zoom.js";
import { Table } from "./table.js";
import { Toolbar, frameOf } from "./toolbar.js";
import { WalkBar } from "./walk_bar.js";
import { Words } from "./words.js";

const NARROW_PX = 640;
const PHONE_PX = 860;
const PARTS = "[data-group], [data-node], [data-edge]";
const TYPES = { dot: "text/vnd.graphviz", json: "application/json", svg: "image/svg+xml", png: "image/png" };
const ENDINGS = { "model-explorer": "model_explorer.json" };
const PATIENCE_MS = 1000;
const DRAWING = "The graph is being drawn …";
const FILLS = "graph-fills";

export default class GraphView {
  constructor(section, { line, graph }) {
    this.isBeside = section.parentElement.dataset.page === "playground"; // beside its program
    Object.assign(this, { line, graph, closing: new AbortController() });
    this.toolbar = new Toolbar((group, name) => this.act(group, name));
    this.frame = frameOf(this.toolbar);
    this.root = element("div", { className: "graph-view" }, [this.frame]);
    section.append(this.root);
    const find = (selector) => this.frame.querySelector(selector);
    this.window = find("[data-graph]");
    this.drawing = new Drawing(this.window, this.frame);
    this.wheel = new WheelFilter(this.window);
    this.panZoom = new PanZoom(this.window);
    this.minimap = new Minimap(find(".minimap"), this.panZoom);
    this.culling = new Culling(this.panZoom);
    this.table = new Table(find(".table"));
    this.words = new Words(find(".line-of-words"));
    const go = (step, released) => graph.change({ step }, released);
    this.walk = new WalkBar(find(".walk-bar"), go, () => line.isAhead);
    this.listen();
    const stops = [
      onHoverEdges((edges) => this.drawing.light(edges)),
      onHoverLine((at) => this.drawing.lightLine(at)),
      graph.onMark(() => this.message && this.showMarks()),
    ];
    this.unlight = () => stops.forEach((stop) => stop());
    this.resize = new ResizeObserver(([{ contentRect }]) => this.resized(contentRect));
    this.resize.observe(this.root);
  }

  close() {
    this.closing.abort();
    clearTimeout(this.expected);
    this.unlight();
    this.walk.close();
    this.wheel.close();
    this.culling.close();
    this.minimap.close();
    cancelAnimationFrame(this.waiting);
    this.resize.disconnect();
    document.documentElement.classList.remove(FILLS);
  }

  resized({ width }) {
    this.width = width;
    const isDrawn = this.message && this.update(this.message, this.structure);
    if (!isDrawn) this.panZoom.resized();
  }

  /** Shows a message; whether it is drawn anew. */
  update({ graph, ...others }, structure) {
    const message = { ...others, graph: { ...structure.graph?.numbers, ...graph } };
    this.message = message;
    this.structure = structure;
    if (!this.width || !structure.graph) return false;
    const isNew = this.drawAnew();
    this.showArrows(message.hidden?.includes("gradients") ?? false);
    if (isNew || !this.culling.isOn) this.paint(message.graph);
    else this.waiting ??= requestAnimationFrame(() => this.paintLatest());
    if (isNew) this.begin();
    this.arrive();
    this.takeFile(message.graph);
    this.showMarks();
    return isNew;
  }

  /** What was in focus is so again, or the first node. */
  begin() {
    const first = this.drawing.nodes?.at(0)?.root;
    if (first && this.focused) (this.drawing.find(this.focused) ?? first).focus({ preventScroll: true });
  }

  /** The card at which a drawing of many nodes is begun if nothing could be seen of it as a whole: its result. */
  get first() {
    return this.culling.isOn && !this.message.graph.view.node ? this.drawing.nodes.at(-1).box : null;
  }

  /** What a change to a view with other steps says along: where the walk stands, and that a selected node may go. */
  get walked() {
    return { walked: this.graph.walked, folding: true };
  }

  /** Which way the graph runs here, and the name of its drawing. */
  arrangement() {
    const { graph } = this.structure;
    if (!graph.TB) return { direction: "LR", name: "LR" }; // of many nodes
    if (this.isOnPaper) return onPaper(graph);
    const isTight = this.width < typeScale() * Math.min(NARROW_PX, widthOf(graph));
    const isBeside = this.isBeside && innerWidth > PHONE_PX;
    const isUpright = isBeside ? isLargerUpright(graph, this.culling.room) : isTight && innerHeight > innerWidth;
    const direction = isUpright ? "TB" : "LR";
    return { direction, name: direction === "LR" && isPresenting() && graph.projected ? "projected" : direction };
  }

  /** Draws another structure, or the same one for another window; whether it was needed. */
  drawAnew() {
    const { direction, name } = this.arrangement();
    const isNew = this.drawn !== this.structure.graph || this.drawnAs !== name;
    if (isNew) this.draw(this.structure.graph, direction, name);
    return isNew;
  }

  draw(graph, direction, name) {
    this.drawn = graph;
    this.drawnAs = name;
    this.frame.dataset.direction = direction;
    this.toolbar.offer(graph);
    if (graph.error) return this.drawing.fail(graph.error);
    const { drawing, anchor } = this;
    this.focused = this.window.contains(document.activeElement) ? document.activeElement.dataset : null;
    drawing.draw(graph[name], name === "LR" ? graph.labels : null);
    this.culling.attach(drawing.svg, drawing.nodes, drawing.edges);
    const place = anchor ? { anchor: drawing.find(anchor.data), client: anchor } : { first: this.first };
    this.panZoom.attach(drawing.svg, place);
    this.minimap.attach(drawing.nodes);
    this.table.attach(drawing.nodes, drawing.edges);
    this.anchor = null;
  }

  /** Without gradients there is nothing to choose: the arrows carry values. */
  showArrows(isCovered) {
    const arrows = isCovered ? "ahead" : this.graph.view.arrows;
    this.toolbar.arrows.hidden = isCovered;
    this.frame.classList.toggle("covered", isCovered);
    if (this.frame.dataset.mode !== arrows) this.frame.dataset.mode = arrows;
    this.toolbar.press("arrows", arrows);
  }

  /** A drawing of many nodes is painted once in a frame, however many messages come. */
  paintLatest() {
    this.waiting = null;
    this.paint(this.message.graph);
  }

  paint(graph) {
    const { drawing } = this;
    if (!drawing.svg) return;
    const isNew = drawing.paint(graph);
    this.select(graph.view.node, graph.inspector);
    this.walk.say(graph.view.step, graph.walk);
    const reached = drawing.showStep(graph.walk);
    if (reached) this.panZoom.reveal(reached.root);
    drawing.markFaulty(graph.faulty ?? []);
    if (graph.lines) drawing.markLines(graph.lines);
    drawing.colour(graph.colours?.levels);
    this.minimap.colour(graph.colours?.levels);
    drawing.markDifferences(this.structure.marks);
    this.toolbar.press("view", graph.concept ? "concept" : "full");
    this.frame.classList.toggle("walking", graph.walk !== undefined);
    if (isNew) this.table.fill();
    if (this.pointed) this.tell(this.pointed);
  }

  showMarks() {
    this.sayFound();
    if (!this.drawing.svg) return;
    this.drawing.markMatches(this.graph.matches, this.structure.graph.owners);
    this.minimap.match(this.drawing.matches);
  }

  /** Marks what was found wrong where the drawing has it, and says it below. */
  sayFound() {
    const { found } = this.graph;
    if (this.drawing.svg) this.drawing.markFound(found);
    this.words.say(found ? { text: found.text.replaceAll("`", ""), isWarning: !found.asks } : this.message.remark);
  }

  select(id, inspector) {
    this.drawing.select(id, inspector);
    if (id && id !== this.selected) this.bringIntoView(id);
    this.selected = id;
  }

  /** In a part of the drawing that is shown; on a narrow screen the inspector lies over the page's lower half. */
  bringIntoView(id) {
    const part = this.drawing.parts.find((one) => one.id === id);
    if (!part) return undefined; // it is folded away, or a part of a second graph
    const isBeside = this.isBeside && innerWidth > PHONE_PX;
    if (this.culling.isOn || this.panZoom.isInRows) return this.panZoom.lookAt(part.root);
    if (isBeside || this.frame.dataset.direction !== "TB") return this.panZoom.reveal(part.root);
    const { top, height } = part.root.getBoundingClientRect();
    return scrollerOf(this.root).scrollBy({ top: top + height / 2 - innerHeight * 0.2 });
  }

  /** On paper all of it is shown, upright where that is larger; afterwards as it was. */
  print(isOn) {
    if (!this.drawing.svg) return;
    if (isOn) this.seen = this.panZoom.box;
    this.isOnPaper = isOn;
    this.update(this.message, this.structure);
    if (isOn) this.panZoom.show({ ...this.panZoom.drawn });
    else this.panZoom.show(this.seen);
  }

  listen() {
    const partAt = ({ target }) => target.closest?.(PARTS);
    const on = (name, listener) => this.window.addEventListener(name, listener);
    for (const name of ["pointerover", "focusin"]) on(name, (event) => this.tell(partAt(event)));
    for (const name of ["pointerleave", "focusout"]) on(name, () => this.tell(null));
    on("click", (event) => this.panZoom.moved || this.choose(partAt(event)));
    on("keydown", (event) => this.key(event));
    this.frame.querySelector(".refit").addEventListener("click", () => this.panZoom.fit());
    const { signal } = this.closing;
    document.addEventListener("fullscreenchange", () => document.fullscreenElement || this.fill(false), { signal });
    addEventListener("beforeprint", () => this.print(true), { signal });
    addEventListener("afterprint", () => this.print(false), { signal });
    document.addEventListener("keydown", (event) => actOf(event, "page") === "view" && this.switchView(), { signal });
  }

  key(event) {
    const here = event.target.closest(PARTS);
    if (!here || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && this.graph.view.node) this.graph.change({ node: "" });
    else if (event.key === "Enter" || event.key === " ") this.choose(here);
    else if (event.key.startsWith("Arrow")) this.step(event.key, here);
    else return;
    event.preventDefault();
  }

  step(key, here) {
    if (!here.dataset.group) neighbour(key, here, this.drawing)?.focus();
  }

  choose(part) {
    if (part?.dataset.group) return this.toggleGroup(part);
    const { node } = this.graph.view;
    const id = part?.dataset.node ?? part?.dataset.edge ?? "";
    if (id !== "" || node) this.graph.change({ node: id === node ? "" : id });
  }

  /** Opens or closes a group; its handle stays under the pointer, or in sight. */
  toggleGroup(handle) {
    const { group } = handle.dataset;
    const box = handle.getBoundingClientRect();
    this.anchor = { data: { group }, clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 };
    this.expect();
    const { opened } = this.graph.view;
    const others = opened.filter((name) => name !== group);
    this.graph.change({ opened: opened.includes(group) ? others : [...opened, group] }, true, this.walked);
  }

  /** A large graph takes its time: after a second that is said. */
  expect() {
    clearTimeout(this.expected);
    this.expected = setTimeout(() => {
      if (this.line.isAhead) this.words.tell((this.awaited = DRAWING));
    }, PATIENCE_MS);
  }

  arrive() {
    clearTimeout(this.expected);
    if (this.awaited) this.words.tell((this.awaited = ""));
  }

  act(group, name) {
    if (group === "tool") this.use(name);
    if (group === "view") this.see(name);
    if (group === "arrows") this.carry(name);
    if (group === "save") this.saveAs(name);
  }

  use(tool) {
    if (tool === "fit") this.panZoom.fit();
    if (tool === "in") this.panZoom.zoom(1.25);
    if (tool === "out") this.panZoom.zoom(0.8);
    if (tool === "walk") this.walk.toggle();
    if (tool === "table") this.toolbar.tool(tool).setAttribute("aria-pressed", String(this.table.toggle()));
    if (tool === "fill") this.fill(!document.documentElement.classList.contains(FILLS));
  }

  /** What the arrows carry is shown at once. */
  carry(arrows) {
    this.graph.change({ arrows });
    this.showArrows(false);
  }

  switchView() {
    if (this.structure?.graph?.usual) this.see(this.message.graph.concept ? "full" : "concept");
  }

  /** The usual view needs no word in the address. */
  see(view) {
    this.expect();
    this.graph.change({ view: view === this.structure.graph.usual ? "" : view, opened: [] }, true, this.walked);
  }

  /** Graph, sliders and inspector over the whole screen. */
  fill(isOn) {
    document.documentElement.classList.toggle(FILLS, isOn);
    this.toolbar.tool("fill").setAttribute("aria-pressed", String(isOn));
    if (isOn) document.documentElement.requestFullscreen?.().catch(() => {});
    else if (document.fullscreenElement) document.exitFullscreen();
    requestAnimationFrame(() => this.drawing.svg && this.panZoom.fit());
  }

  async saveAs(kind) {
    const { svg } = this.drawing;
    this.toolbar.files.open = false;
    if (kind === "svg") save(await this.culling.withTexts(() => asSvg(svg)), "graph.svg", TYPES.svg);
    else if (kind === "png") save(await asPng(svg), "graph.png", TYPES.png);
    else this.line.submit({ export: kind });
  }

  takeFile({ exported }) {
    if (!exported || this.exported === exported) return;
    this.exported = exported;
    const ending = ENDINGS[exported.kind] ?? exported.kind;
    save(exported.text, `graph.${ending}`, TYPES[exported.kind] ?? TYPES.json);
  }

  /** All digits of the part under the pointer or in focus. */
  tell(part) {
    this.pointed = part?.dataset.group ? null : part;
    const view = this.pointed && this.drawing.parts.find(({ root }) => root === part);
    this.words.tell(view ? view.sentence() : "");
    if (this.message?.graph.lines) hoverLine(part?.dataset.line ? Number(part.dataset.line) : null);
  }
}
