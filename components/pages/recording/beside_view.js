// The recording beside the first: what both are called, the passes of the second, and its graph.

import GraphView from "../../browser/graph/graph_view.js";
import MomentsView from "../../browser/moments/moments_view.js";
import { element, isPresenting, setText } from "../../browser/shell/dom.js";
import LayersView from "./layers_view.js";
import { kept, send } from "./upload.js";

const ASK_AGAIN_MS = 50; // a large graph is drawn after its page
export const PREFIX = "beside:"; // of what only the second graph has
const PENDING = "The second graph is being drawn …";
const NO_REMARK = { text: "", isWarning: false };
const CLEARLY = 1.15;
const PHONE_PX = 860;
const WITH_LIST_PX = 1200; // where the list of differences stands beside the graphs
const LIST_PX = 360;
const AROUND_PX = 460; // in the height of a window, beside both graphs

export default class BesideView {
  constructor(section, { line, address, graph }) {
    Object.assign(this, { line, address, graph, view: null, sent: "" });
    this.page = section.parentElement;
    this.titles = ["A", "B"].map((side) => {
      const says = element("span", { className: "says" });
      const sign = element("span", { className: "side-sign", textContent: side });
      return { says, root: element("h2", { className: `side-title side-${side}` }, [sign, says]) };
    });
    this.strip = element("div", { className: "side-strip" });
    this.says = element("p", { className: "beside-says", role: "status", hidden: true });
    this.place = element("div", { className: "beside-view" });
    this.bars = element("div", { className: "beside-layers" });
    this.moments = new MomentsView(this.strip, {
      line: { change: ({ moment }, released) => line.change({ beside_moment: moment }, released) },
    });
    section.append(...this.titles.map(({ root }) => root), this.strip, this.says, this.place, this.bars);
    this.resize = new ResizeObserver(() => this.view && this.arrange());
    this.resize.observe(this.page);
  }

  close() {
    this.resize.disconnect();
    this.shut();
    delete this.page.dataset.beside;
  }

  update(message, structure) {
    const { state = "none", text = "", graph } = message.beside ?? {};
    setText(this.says, state === "pending" ? PENDING : text);
    this.says.hidden = !this.says.textContent;
    if (state === "pending") setTimeout(() => this.place.isConnected && this.line.change({}, false), ASK_AGAIN_MS);
    if (state === "missing") this.sendAgain(message.values.beside);
    if (graph && structure.beside) this.show(message, structure);
    else this.shut();
  }

  show({ beside, hidden }, structure) {
    this.structure = structure;
    this.arrange();
    this.titles.forEach(({ says }, place) => setText(says, beside.titles[place]));
    this.moments.update(beside);
    if (!this.view) {
      this.state = new SecondState(this.graph);
      this.view = new SecondGraph(this.place, { line: this.line, graph: this.state });
      this.layers = new LayersView(this.bars, { graph: this.state, line: { submit: () => {} } });
    }
    this.state.view = beside.graph.view;
    this.layers.update(beside);
    const marks = structure.beside_marks;
    const graph = { ...structure.beside_numbers, ...beside.graph };
    this.view.update({ graph, remark: NO_REMARK, hidden }, { graph: structure.beside, marks });
  }

  shut() {
    this.view?.close();
    this.view = null;
    this.place.replaceChildren();
    this.bars.replaceChildren();
    if (this.page.dataset.beside !== "none") this.page.dataset.beside = "none";
  }

  /** Side by side, or one below the other where both are clearly larger so; as they were where neither is. */
  arrange() {
    const { graph, beside } = this.structure;
    const width = this.page.clientWidth - (innerWidth < WITH_LIST_PX ? 0 : LIST_PX);
    const isClear = this.page.dataset.beside === "rows" ? 1 / CLEARLY : CLEARLY;
    const name = !isPresenting() && isLargerInRows([graph, beside], width, isClear) ? "rows" : "columns";
    if (this.page.dataset.beside !== name) this.page.dataset.beside = name;
  }

  /** A server that has not the file is sent it anew, once. */
  async sendAgain(beside) {
    const name = beside.replace("file:", "");
    if (!kept.has(name) || this.sent === name) return;
    this.sent = name;
    const { refused } = await send(this.address, kept.get(name), true);
    if (!refused) this.line.change({}, false);
  }
}

/** How the second graph is looked at: what is selected in it is said as a part of it, and all else as the first is. */
class SecondState {
  constructor(graph) {
    Object.assign(this, { graph, view: {}, walked: null, found: null });
  }

  /** What a search has found that the second graph alone has. */
  get matches() {
    return this.graph.matches.filter((id) => id.startsWith(PREFIX)).map((id) => id.slice(PREFIX.length));
  }

  onMark(listener) {
    return this.graph.onMark(() => listener(null));
  }

  change(change, released, more) {
    const isPart = Boolean(change.node);
    this.graph.change(isPart ? { ...change, node: PREFIX + change.node } : change, released, more);
  }
}

class SecondGraph extends GraphView {
  /** The page is scrolled to the first graph alone. */
  bringIntoView(id) {
    const part = this.drawing.parts.find((one) => one.id === id);
    if (!part) return;
    if (this.culling.isOn) this.panZoom.lookAt(part.root);
    else this.panZoom.reveal(part.root);
  }
}

/** Whether drawings are so much larger one below the other; long ones need the whole width. */
function isLargerInRows(graphs, width, factor) {
  if (innerWidth <= PHONE_PX) return true;
  const height = Math.max(innerHeight - AROUND_PX, 300);
  const sizes = graphs.filter(({ LR }) => LR).map(sizeOf);
  const least = (wide, high) => Math.min(...sizes.map(([w, h]) => Math.min(1, wide / w, high / h)));
  return least(width, height / 2) > factor * least(width / 2, height);
}

function sizeOf({ LR }) {
  return LR.match(/viewBox="\S+ \S+ (\S+) (\S+)"/).slice(1).map(Number);
}
