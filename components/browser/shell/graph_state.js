// How the visitor looks at the page's graph: one object for the graph, the inspector, the tour and the key "v".

export class GraphState {
  constructor(line) {
    this.line = line;
    this.view = {};
    this.walked = null;
    this.found = null;
    this.matches = [];
    this.listeners = new Set();
  }

  /** Takes over what the server shows, unless the visitor has gone on already; and where the walk stands. */
  update({ graph }) {
    this.walked = graph?.walk ? [graph.walk.phase, graph.walk.node] : null;
    if (graph && !this.line.isAhead) this.view = graph.view;
  }

  /** Marks what was found wrong: `{ nodes, title, text, asks }`, or null for nothing. */
  mark(found) {
    this.found = found;
    for (const listener of this.listeners) listener(found);
  }

  /** Marks the nodes with these ids as those that a search has found. */
  match(ids) {
    this.matches = ids;
    for (const listener of this.listeners) listener(this.found);
  }

  /** Calls `listener(found)` at every mark; returns how to stop. */
  onMark(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Asks for another view: `change` is laid over it, `more` goes along with this one event. */
  change(change, released = true, more = {}) {
    this.view = { ...this.view, ...change };
    this.line.submit({ graph_view: this.view, released, ...more });
  }
}
