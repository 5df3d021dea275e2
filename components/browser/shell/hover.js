// What is lit because the pointer rests on something that belongs to it somewhere else on the page.

const edgeListeners = new Set();
const entryListeners = new Set();
const lineListeners = new Set();

/** Calls `listener(ids)` with edges of the graph to light up, or null for those lit anyway; returns how to stop. */
export function onHoverEdges(listener) {
  edgeListeners.add(listener);
  return () => edgeListeners.delete(listener);
}

export function hoverEdges(ids) {
  for (const listener of edgeListeners) listener(ids);
}

/** Calls `listener(name)` with an entry of a list (`x[1]`), or null for none; returns how to stop. */
export function onHoverEntry(listener) {
  entryListeners.add(listener);
  return () => entryListeners.delete(listener);
}

export function hoverEntry(name) {
  for (const listener of entryListeners) listener(name);
}

/** Calls `listener(line)` with a line of a program whose nodes, or which itself, is to light up, or null. */
export function onHoverLine(listener) {
  lineListeners.add(listener);
  return () => lineListeners.delete(listener);
}

export function hoverLine(line) {
  for (const listener of lineListeners) listener(line);
}
