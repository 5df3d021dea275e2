// Places in a text: lines, counted from 1, and columns, from 0.

/** Where each line begins. */
export function startsOf(text) {
  const starts = [0];
  for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
  return starts;
}

/** The line and the column of an offset. */
export function placeAt(text, offset) {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: before.at(-1).length };
}

/** Which lines of a text another one has kept: the first `head`, and those after `tail`, moved by so many. */
export function changedLines(before, after) {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const most = Math.min(old.length, now.length);
  let head = 0;
  while (head < most && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  return { head, tail: old.length - tail, by: now.length - old.length };
}

/** The part of a text that another one replaces, by whole lines: `{ start, end, text }`. */
export function changedRange(before, after) {
  const { head, tail, by } = changedLines(before, after);
  const [starts, lines] = [startsOf(before), after.split("\n").slice(head, tail + by)];
  const joined = (write) => lines.map(write).join("");
  if (tail < starts.length) return { start: starts[head], end: starts[tail], text: joined((line) => `${line}\n`) };
  if (!head) return { start: 0, end: before.length, text: after };
  const start = (starts[head] ?? before.length + 1) - 1; // the line break before goes with it
  return { start, end: before.length, text: joined((line) => `\n${line}`) };
}

/** What belongs to lines, moved with those that were kept. */
export function moved(entries, { head, tail, by }) {
  return entries.filter(({ line }) => line <= head || line > tail)
    .map((entry) => (entry.line > tail ? { ...entry, line: entry.line + by } : entry));
}
