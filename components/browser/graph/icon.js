/** A small drawing for a button, in the text's colour: `path` in a square of 16. */
export function icon(path) {
  return `<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="${path}"/></svg>`;
}
