// How some lines of a text become others: which go, which come, and which stay.

const MOST_COMPARED = 200; // lines; of more than so many all go and all come

/** The lines of both in order, each `{ sign, text }` with "−" where it goes, "+" where it comes, "" where it stays. */
export function lineDiff(before, after) {
  const lines = [];
  const add = (sign, texts) => lines.push(...texts.map((text) => ({ sign, text })));
  let [i, j] = [0, 0];
  for (const [at, place] of [...keptLines(before, after), [before.length, after.length]]) {
    add("−", before.slice(i, at));
    add("+", after.slice(j, place));
    add("", before.slice(at, at + 1));
    [i, j] = [at + 1, place + 1];
  }
  return lines;
}

/** Places of the lines that stay, in both. */
function keptLines(before, after) {
  if (Math.max(before.length, after.length) > MOST_COMPARED) return [];
  const common = commonLengths(before, after);
  const kept = [];
  let [i, j] = [0, 0];
  while (common[i][j]) {
    if (before[i] === after[j]) kept.push([i++, j++]);
    else if (common[i + 1][j] >= common[i][j + 1]) i += 1;
    else j += 1;
  }
  return kept;
}

/** By place in both, how many lines of the rest they have in common, in the same order. */
function commonLengths(before, after) {
  const lengths = Array.from({ length: before.length + 1 }, () => new Array(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const isSame = before[i] === after[j];
      lengths[i][j] = isSame ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  return lengths;
}
