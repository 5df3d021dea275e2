// A script as text on a page: its comments apart, and copied.

import { element } from "../shell/dom.js";

/** The pieces of some code: comments as elements of their own. */
export function coloured(code) {
  const isComment = (piece) => piece.startsWith("#");
  const comment = (textContent) => element("span", { className: "comment", textContent });
  return code.split(/(#.*)/).map((piece) => (isComment(piece) ? comment(piece) : piece));
}

/** Copies a text, which is also shown in `place`; resolves to what has become of that. */
export async function copyText(text, place) {
  const isCopied = (await toClipboard(text)) || copySelected(place);
  return isCopied ? "Copied" : "Selected: now copy it with the keyboard";
}

/** The way without a permission: what is selected is copied, and stays selected where even that is refused. */
function copySelected(place) {
  getSelection().selectAllChildren(place);
  return document.execCommand("copy");
}

async function toClipboard(text) {
  return Boolean(navigator.clipboard) && navigator.clipboard.writeText(text).then(() => true, () => false);
}
