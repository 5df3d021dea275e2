import { subscribe } from "../channel.js";
import { styles } from "../styles.js";
import { PanZoom } from "./pan_zoom.js";

await Promise.all([styles("../page.css", import.meta.url), styles("graph_view.css", import.meta.url)]);

const NARROW_PX = 640;

export default function render({ parentElement }) {
  const view = parentElement.graphView ?? (parentElement.graphView = new GraphView(parentElement));
  return () => view.close();
}

class GraphView {
  constructor(parent) {
    this.root = document.createElement("div");
    this.root.className = "graph-view";
    this.root.innerHTML = `<div class="frame">${SKELETON}</div>`;
    this.frame = this.root.firstElementChild;
    parent.append(this.root);
    this.window = this.root.querySelector("[data-graph]");
    this.detail = this.root.querySelector(".detail");
    this.remark = this.root.querySelector(".remark");
    this.panZoom = new PanZoom(this.window);
    this.root.querySelector(".tools").addEventListener("click", ({ target }) => this.tool(target.dataset.tool));
    this.listen();
    this.unsubscribe = subscribe((message, structure) => this.update(message, structure));
    this.resize = new ResizeObserver(([{ contentRect }]) => {
      this.width = contentRect.width;
      this.update(this.message, this.structure);
    });
    this.resize.observe(this.root);
  }

  close() {
    this.unsubscribe();
    this.resize.disconnect();
  }

  tool(name) {
    if (name === "fit") this.panZoom.fit();
    if (name === "in") this.panZoom.zoom(1.25);
    if (name === "out") this.panZoom.zoom(0.8);
  }

  update(message, structure) {
    this.message = message;
    this.structure = structure;
    if (!this.width || !structure?.graph) return;
    const direction = this.width < NARROW_PX ? "TB" : "LR";
    if (this.drawn !== structure.graph || this.direction !== direction) this.draw(structure.graph, direction);
    this.paint(message.graph);
    this.say(message.remark);
  }

  /** A sentence about the whole state, in the legend's place. */
  say(remark) {
    if (this.remark.textContent === remark) return;
    this.remark.textContent = remark;
    this.remark.parentElement.classList.toggle("remarking", remark !== "");
  }

  /** Structure: rarely. The drawing is the server's own and carries no visitor's text. */
  draw(graph, direction) {
    this.drawn = graph;
    this.direction = direction;
    this.frame.dataset.direction = direction;
    if (graph.error) {
      this.window.textContent = graph.error;
      return;
    }
    this.window.innerHTML = graph[direction];
    const svg = this.window.firstElementChild;
    this.nodes = [...svg.querySelectorAll("[data-node]")].map((root) => new NodeView(root));
    const byId = new Map(this.nodes.map(({ root }) => [root.dataset.node, root]));
    this.edges = [...svg.querySelectorAll("[data-edge]")].map((root) => new EdgeView(root, byId.get(root.dataset.from)));
    this.panZoom.attach(svg);
    this.picked = null;
  }

  /** Numbers: always, as text. */
  paint({ nodes, edges }) {
    if (!this.nodes) return;
    nodes.forEach((numbers, i) => this.nodes[i].paint(numbers));
    edges.forEach((numbers, i) => this.edges[i].paint(numbers));
    if (this.shown) this.tell(this.shown);
  }

  listen() {
    const part = (target) => target.closest?.("[data-node], [data-edge]");
    this.window.addEventListener("pointerover", ({ target }) => this.tell(part(target) ?? this.picked));
    this.window.addEventListener("pointerleave", () => this.tell(this.picked));
    this.window.addEventListener("focusin", ({ target }) => this.tell(part(target)));
    this.window.addEventListener("focusout", () => this.tell(this.picked));
    this.window.addEventListener("click", ({ target }) => this.panZoom.moved || this.pick(part(target)));
    this.window.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.pick(null);
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      this.pick(part(event.target));
    });
  }

  pick(part) {
    this.picked?.setAttribute("aria-pressed", "false");
    this.picked = part === this.picked || !part?.dataset.node ? null : part;
    this.picked?.setAttribute("aria-pressed", "true");
    this.tell(this.picked ?? part);
  }

  /** The line above the graph: all digits of the part under the pointer, in focus or picked. */
  tell(part) {
    this.shown = part;
    const view = part && (this.nodes.find((n) => n.root === part) ?? this.edges.find((e) => e.root === part));
    const sentence = view ? view.sentence() : "";
    if (this.detail.textContent === sentence) return;
    this.detail.textContent = sentence;
    this.detail.parentElement.classList.toggle("telling", sentence !== "");
  }
}

/** The text node inside an element: changing its data costs less than replacing it. */
function textOf(element) {
  return element.firstChild ?? element.appendChild(document.createTextNode(""));
}

class NodeView {
  constructor(root) {
    this.root = root;
    this.value = textOf(root.querySelector(".value"));
    this.grad = textOf(root.querySelector(".grad"));
    this.broken = "";
  }

  paint([value, valueText, gradient, gradientText]) {
    const data = this.root.dataset;
    if (data.value === value && data.grad === gradient) return;
    data.value = value;
    data.grad = gradient;
    this.value.data = valueText;
    this.grad.data = gradientText;
    this.mark(`${isBroken(value) ? "value " : ""}${isBroken(gradient) ? "grad" : ""}`);
    this.root.setAttribute("aria-label", `${data.spoken}: value ${valueText}, ${said(gradientText)}`);
  }

  mark(broken) {
    if (broken === this.broken) return;
    this.broken = broken;
    if (broken) this.root.dataset.broken = broken;
    else delete this.root.dataset.broken;
  }

  sentence() {
    const { spoken, value, grad } = this.root.dataset;
    const arriving = grad === "None" ? "takes no gradient" : `gradient arriving ${pretty(grad)}`;
    return `${spoken}. Value ${pretty(value)}, ${arriving}.`;
  }
}

class EdgeView {
  constructor(root, consumer) {
    this.root = root;
    this.flow = textOf(root.querySelector(".flow"));
    this.line = root.querySelector(".line");
    this.consumer = consumer;
  }

  paint([local, gradient, text, kind, width]) {
    const data = this.root.dataset;
    if (data.grad === gradient && data.local === local) return;
    data.local = local;
    data.grad = gradient;
    if (data.kind !== kind) data.kind = kind;
    this.flow.data = text;
    if (this.width !== width) this.line.style.strokeWidth = this.width = width;
  }

  sentence() {
    const { from, to, local, grad } = this.root.dataset;
    if (grad === "None") return `${from} uses ${to}, which takes no gradient: nothing flows back here.`;
    const { grad: upstream } = this.consumer.dataset;
    return `${from} → ${to}: local derivative ${pretty(local)} × upstream gradient ${pretty(upstream)} = ${pretty(grad)}, passed on to ${to}.`;
  }
}

function isBroken(exact) {
  return exact === "nan" || exact.endsWith("inf");
}

function said(gradientText) {
  return gradientText === "—" ? "no gradient" : `gradient ${gradientText}`;
}

function pretty(exact) {
  return exact.replace("inf", "∞").replaceAll("-", "−");
}

const SKELETON = `
  <div class="line-of-words">
    <p class="detail"></p>
    <p class="remark" role="status"></p>
    <div class="legend" aria-hidden="true">
      <span class="forward">values</span><span class="backward">gradients, thicker where larger</span>
      <span class="sample minus">negative</span><span class="sample zero">zero</span><span class="sample none">takes no gradient</span>
    </div>
  </div>
  <div class="tools" role="group" aria-label="Zoom">
    <button type="button" data-tool="out" aria-label="Zoom out">−</button>
    <button type="button" data-tool="in" aria-label="Zoom in">+</button>
    <button type="button" data-tool="fit">Fit</button>
  </div>
  <div class="window" data-graph></div>`;
