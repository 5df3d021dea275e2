// Indentation while a program is typed.

import { highlight } from "./highlight.js";

export const INDENT = 4;

/** What Enter writes at a place: a new line, indented as this one, and more so where a block begins. */
export function newLine(code, place) {
  const start = code.lastIndexOf("\n", place - 1) + 1;
  const [indentation] = /^ */.exec(code.slice(start, place));
  const pieces = highlight(code.slice(0, place)).at(-1);
  const [kind, text] = pieces.findLast((piece) => piece[0] !== "comment" && piece[1].trim()) ?? ["", ""];
  const opens = kind === "" && text.trimEnd().endsWith(":");
  return `\n${indentation}${opens ? " ".repeat(INDENT) : ""}`;
}

/** How many spaces Backspace removes at a place: in a line's indentation up to a stop, elsewhere none at once. */
export function outdent(code, place) {
  const before = code.slice(code.lastIndexOf("\n", place - 1) + 1, place);
  if (before.length < 2 || before.trim() || before.includes("\t")) return 0;
  return before.length % INDENT || INDENT;
}
