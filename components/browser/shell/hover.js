// What is lit because the pointer rests on something that belongs to it somewhere else on the page.

const listeners = new Set();
const pointed = new Set();

/** Arrows of the graph. */
export function onLight(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** `edges`: ids, or null for whatever is lit without anyone pointing. */
export function light(edges) {
  for (const listener of listeners) listener(edges);
}

/** An entry of a list, by its name: `x[1]`. Returns how to stop. */
export function onPoint(listener) {
  pointed.add(listener);
  return () => pointed.delete(listener);
}

/** `part`: a name, or null for none. */
export function pointAt(part) {
  for (const listener of pointed) listener(part);
}
