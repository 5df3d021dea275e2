// What was pasted, made a program: only what is certain, and all of it said.

import { INDENT } from "./indent.js";
import { changeParts, linesOf, plainQuote } from "./source_parts.js";

const MOST_ROUNDS = 5;
const LINE_ENDS = /[\u2028\u2029\u0085]/g;
const SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;
const UNSEEN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
const FULL_WIDTH = /[\uff01\uff03-\uff06\uff08-\uff5e]/g; // but quotes
const DASHES = /[\u2010-\u2013\u2212\ufe63]/g;
const FENCE = /^\s*(`{3,}|~{3,})/;
const PROMPT = /^\s*>>>(?: |$)(.*)/;
const MORE = /^\s*\.\.\.(?: |$)(.*)/;
const CELL = /^\s*In ?\[[\s\d*]*\]:(?: |$)?(.*)/;
const CELL_MORE = /^\s*\.{3,}:(?: |$)(.*)/;
const RESULT = /^\s*Out ?\[\d*\]:/;
const MAGIC = /^(\s*)([%!]{1,2}[A-Za-z]\S*|\?{1,2}[\w.]+|[\w.]+\?{1,2}\s*$|\w+\s*=\s*[%!]{1,2}[A-Za-z]\S*)/;
const KEYWORD = "(?:assert|class|def|del|for|from|if|import|raise|return|try|while|with)\\b";
const EXPRESSION = new RegExp(`^(?!${KEYWORD})[A-Za-z_][^=]*(?:\\(.*)?$`);
const RESULTS = /^(?:tensor\(|[A-Z]\w*\(|(?:None|True|False|nan|inf)$)/; // of an expression, as a notebook shows them
const CALL_OR_NAME = /^(?:[#@]|[\w.]+\(|[\w.[\]]*[A-Za-z_\])]$)/;
const ASSIGNMENT = /^[\w.,[\] ]+[-+*/%@]?=/;
const STATEMENT = new RegExp(`^${KEYWORD}`);

const STEPS = [joinCells, mendLineEnds, takeFenced, removePrompts, mendQuotes, mendCharacters, mendTabs, silenceMagics,
  removeIndentation];

/** A text as a program, and `changes`: a sentence for each kind of change that was made; none, and it is as it was. */
export function cleanUp(text) {
  const changes = new Set();
  let [before, cleaned] = [null, text];
  for (let round = 0; round < MOST_ROUNDS && before !== cleaned; round += 1) {
    before = cleaned;
    cleaned = STEPS.reduce((program, step) => take(program, step, changes), cleaned);
  }
  return { text: cleaned, changes: [...changes] };
}

/** Takes one step; what it says counts where it has changed something. */
function take(program, step, changes) {
  const { text, said } = step(program);
  if (text !== program) for (const sentence of said) changes.add(sentence);
  return text;
}

/** A notebook's code cells, one after the other. */
function joinCells(text) {
  const cells = text.trimStart().startsWith("{") ? codeCells(text) : [];
  if (!cells.length) return { text };
  return { text: cells.join("\n\n"), said: ["The code cells of the notebook were joined."] };
}

function codeCells(text) {
  try {
    const { cells, worksheets } = JSON.parse(text);
    const all = cells ?? worksheets?.flatMap((sheet) => sheet.cells ?? []) ?? [];
    const sources = all.filter((cell) => cell?.cell_type === "code").map(({ source, input }) => source ?? input ?? "");
    return sources.map((source) => [source].flat().join(""));
  } catch {
    return []; // no notebook
  }
}

function mendLineEnds(text) {
  const lines = text.replace(/\r\n?/g, "\n");
  const mended = changeParts(lines, "code", (code) => code.replace(LINE_ENDS, "\n"));
  return { text: mended, said: ["Line ends were made plain."] };
}

/** What stands between Markdown's fences; where nothing else is there, only the fences go. */
function takeFenced(text) {
  const lines = linesOf(text);
  const [inside, outside] = sortFenced(lines);
  if (inside.length + outside.length === lines.length) return { text };
  const isEmpty = (list) => !list.some((line) => line.trim());
  if (isEmpty(inside) && isEmpty(outside)) return { text };
  const isAlone = isEmpty(inside) || isEmpty(outside);
  const said = isAlone ? "Markdown fences were removed." : "Only the code between the Markdown fences was kept.";
  return { text: (isEmpty(inside) ? outside : inside).join("\n"), said: [said] };
}

/** The lines between fences, and all others but the fences. */
function sortFenced(lines) {
  const sorted = [[], []];
  let fence = null;
  for (const { text, isInside } of lines) {
    const mark = isInside ? null : found(FENCE, text);
    if (mark && !fence) fence = mark;
    else if (mark && text.trim() === mark && mark.startsWith(fence)) fence = null;
    else sorted[fence ? 0 : 1].push(text);
  }
  return sorted;
}

/** What a pattern finds in a line, or null. */
function found(pattern, line) {
  return pattern.exec(line)?.[1] ?? null;
}

/** What was typed in a transcript that begins with a prompt. */
function removePrompts(text) {
  const lines = text.split("\n");
  const first = lines.find((line) => line.trim()) ?? "";
  const typed = PROMPT.test(first) ? typedAtPrompts(lines) : CELL.test(first) ? typedInCells(lines) : null;
  if (!typed) return { text };
  const said = ["The prompts were removed, and what was printed between them."];
  return { text: typed.join("\n"), said };
}

function typedAtPrompts(lines) {
  const typed = [];
  let isOpen = false;
  for (const line of lines) {
    const code = found(PROMPT, line) ?? (isOpen ? found(MORE, line) : null);
    isOpen = code !== null;
    if (isOpen) typed.push(code);
  }
  return typed;
}

/** A cell's code stands behind its prompt, and behind dots, or all of it below a prompt that stands alone. */
function typedInCells(lines) {
  const cells = [];
  let kind = "result";
  for (const line of lines) {
    const [first, more] = [found(CELL, line), found(CELL_MORE, line)];
    if (first !== null) {
      kind = first.trim() ? "line" : "cell";
      cells.push(first.trim() ? [first] : []);
    } else if (RESULT.test(line)) kind = "result";
    else if (kind === "cell" || (kind === "line" && more !== null)) cells.at(-1).push(more ?? line);
  }
  return cells.map((cell) => withoutResult(cell).join("\n").trimEnd()).join("\n\n").split("\n");
}

/** A cell up to what the notebook has shown of its last expression: that follows an empty line and is no code. */
function withoutResult(lines) {
  const end = lines.findIndex((line, i) => !line.trim() && EXPRESSION.test(lines[i - 1] ?? "") && isShown(lines, i));
  return end < 0 ? lines : lines.slice(0, end);
}

function isShown(lines, start) {
  const next = lines.slice(start).find((line) => line.trim());
  const isCode = (line) => [CALL_OR_NAME, ASSIGNMENT, STATEMENT].some((pattern) => pattern.test(line));
  return next !== undefined && (RESULTS.test(next) || !isCode(next));
}

/** Strings in typographic quotes get plain ones, of a kind that does not stand in them. */
function mendQuotes(text) {
  return { text: changeParts(text, "quoted", plainly), said: ["Typographic quotes became plain ones."] };
}

function plainly(quoted) {
  const count = quoted.length >= 6 && plainQuote(quoted[1]) && plainQuote(quoted[2]) ? 3 : 1;
  const inside = quoted.slice(count, -count);
  const own = plainQuote(quoted[0]);
  const quote = [own, own === '"' ? "'" : '"'].find((one) => !inside.includes(one.repeat(count)));
  return quote ? quote.repeat(count) + inside + quote.repeat(count) : quoted;
}

/** What looks like a space, a letter or a minus and is none for Python. */
function mendCharacters(text) {
  const said = new Set();
  const replace = (code, pattern, by, sentence) => code.replace(pattern, (char) => {
    said.add(sentence);
    return typeof by === "string" ? by : by(char);
  });
  const narrow = (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0);
  const mended = changeParts(text, "code", (code) => {
    const seen = replace(code, UNSEEN, "", "Invisible characters were removed.");
    const spaced = replace(seen, SPACES, " ", "Unusual spaces became plain ones.");
    const plain = replace(spaced, FULL_WIDTH, narrow, "Full-width characters became plain ones.");
    return replace(plain, DASHES, "-", "Dashes became minus signs.");
  });
  return { text: mended, said };
}

function mendTabs(text) {
  const lines = linesOf(text).map(({ text: line, isInside }) => (isInside ? line : withoutTabs(line)));
  const mended = changeParts(lines.join("\n"), "code", (code) => code.replaceAll("\t", " ".repeat(INDENT)));
  return { text: mended, said: ["Tabs became spaces."] };
}

/** A line whose indentation has spaces up to each tab's stop. */
function withoutTabs(line) {
  const [indentation] = /^[ \t]*/.exec(line);
  let width = 0;
  for (const char of indentation) width += char === "\t" ? INDENT - (width % INDENT) : 1;
  return " ".repeat(width) + line.slice(indentation.length);
}

/** Instructions to a notebook become comments. */
function silenceMagics(text) {
  const names = new Set();
  const lines = linesOf(text).map(({ text: line, isInside, isContinued }) => {
    const [, indentation, name] = (!isInside && !isContinued && MAGIC.exec(line)) || [];
    if (name === undefined) return line;
    names.add(name);
    return `${indentation}# ${line.slice(indentation.length)}`;
  });
  const said = `What only a notebook understands was made a comment: ${[...names].join(", ")}.`;
  return { text: lines.join("\n"), said: [said] };
}

/** The indentation that all statements share goes; what stands in strings stays where it is. */
function removeIndentation(text) {
  const lines = linesOf(text);
  const isStatement = ({ text: line, isInside, isContinued }) => !isInside && !isContinued && /^ *[^\s#]/.test(line);
  const width = (line) => /^ */.exec(line)[0].length;
  const shared = lines.filter(isStatement).reduce((least, { text: line }) => Math.min(least, width(line)), Infinity);
  if (shared === Infinity) return { text };
  const shift = (line) => line.slice(Math.min(shared, width(line)));
  const moved = lines.map(({ text: line, isInside }) => (isInside ? line : shift(line)));
  return { text: moved.join("\n"), said: ["The indentation that all lines share was removed."] };
}
