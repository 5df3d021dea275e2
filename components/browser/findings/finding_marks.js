// What a finding is about, marked and selected in the graph of its backward pass.

import { isPresenting } from "../shell/dom.js";

const NARROW = "(max-width: 860px)"; // there an inspector lies over the program
const ROOMY = "(min-width: 1200px)"; // there it leaves most of the graph in view

export class FindingMarks {
  constructor({ line, graph }) {
    Object.assign(this, { line, graph, isOpened: false, node: "" });
  }

  close() {
    this.graph.mark(null);
  }

  /** Marks what the chosen finding is about where that is shown. */
  show(chosen, message) {
    const at = message.moments?.at ?? null;
    this.graph.mark(chosen?.moment === at ? chosen : null);
  }

  /** A page that opens goes to what is found, unless its address asks for another place. */
  begin(chosen, message) {
    if (this.isOpened) return;
    this.isOpened = true;
    const isRoomy = matchMedia(ROOMY).matches && !isPresenting();
    if (chosen && isRoomy && !asksForPlace(message)) this.lookAt(chosen, chosen.nodes[0], false);
  }

  /** Goes to the backward pass that a finding is about, and selects a node of it. */
  lookAt({ moment }, node = "", released = true) {
    this.node = node;
    this.graph.change({ node }, released, moment === null ? {} : this.atMoment(moment));
  }

  /** Another program may have no such pass or node any more. */
  lookAway() {
    if (!this.node || this.graph.view.node !== this.node) return;
    this.node = "";
    this.graph.change({ node: "" }, false, this.atMoment(null));
  }

  atMoment(moment) {
    return { values: { ...this.line.chosen.values, moment } };
  }
}

/** Whether the address says what of the graph is to be shown. */
function asksForPlace({ graph: { view }, values }) {
  return view.node !== "" || view.step !== null || values.moment !== null;
}

/** Whether code and graph are two sheets, of which one is shown. */
export function isNarrow() {
  return matchMedia(NARROW).matches;
}
