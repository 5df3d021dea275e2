// Which arrows are lit because the pointer rests on a path's line somewhere else on the page.

const listeners = new Set();

export function onLight(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** `edges`: ids, or null for whatever is lit without anyone pointing. */
export function light(edges) {
  for (const listener of listeners) listener(edges);
}
