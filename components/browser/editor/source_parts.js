// A program as strings, comments and code, for changes that keep off what a string says.

const BACKSLASH = "\\";
const PAIRS = { '"': "“”„‟″＂", "'": "‘’‚‛′＇" };
const DEPTHS = { "(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1 };

/**
 * The parts of a program, each `{ kind, text }`: "string", "comment" or "code", and "quoted" for what stands between
 * typographic quotes, which come with it.
 */
export function partsOf(source) {
  const parts = [];
  for (let at = 0; at < source.length; ) {
    const [kind, end] = partAt(source, at);
    const last = parts.at(-1);
    if (kind === "code" && last?.kind === "code") last.text += source.slice(at, end);
    else parts.push({ kind, text: source.slice(at, end) });
    at = end;
  }
  return parts;
}

/** A program with every part of a kind as `change(text)` gives it. */
export function changeParts(source, kind, change) {
  return partsOf(source).map((part) => (part.kind === kind ? change(part.text) : part.text)).join("");
}

function partAt(source, at) {
  const char = source[at];
  if (char === '"' || char === "'") return ["string", stringEnd(source, at)];
  if (char === "#") return ["comment", endOfLine(source, at)];
  const plain = plainQuote(char);
  const end = plain ? quotedEnd(source, at, plain) : null;
  return end ? ["quoted", end] : ["code", at + 1];
}

/** The quote that a typographic one stands for; null for any other character. */
export function plainQuote(char) {
  return Object.keys(PAIRS).find((plain) => PAIRS[plain].includes(char)) ?? null;
}

/** Where a string ends that begins here: behind its quotes or, of one line and not closed, at the line's end. */
function stringEnd(source, at) {
  const quote = source.startsWith(source[at].repeat(3), at) ? source[at].repeat(3) : source[at];
  for (let end = at + quote.length; end < source.length; end += 1) {
    if (source[end] === BACKSLASH) end += 1;
    else if (source.startsWith(quote, end)) return end + quote.length;
    else if (source[end] === "\n" && quote.length === 1) return end;
  }
  return source.length;
}

/** Where a text in typographic quotes ends, three of them or one; null where it does not in its line. */
function quotedEnd(source, at, plain) {
  const count = quotesAt(source, at, plain) >= 3 ? 3 : 1;
  for (let end = at + count; end < source.length; end += 1) {
    if (count === 1 && source[end] === "\n") return null;
    if (quotesAt(source, end, plain) >= count && isClosing(source, end, count)) return end + count;
  }
  return null;
}

/** An apostrophe within a word closes nothing. */
function isClosing(source, end, count) {
  return count > 1 || !/[\p{L}\p{N}]/u.test(source[end + 1] ?? "");
}

function quotesAt(source, at, plain) {
  let count = 0;
  while (count < 3 && plainQuote(source[at + count]) === plain) count += 1;
  return count;
}

function endOfLine(source, at) {
  const end = source.indexOf("\n", at);
  return end < 0 ? source.length : end;
}

/**
 * The lines of a program: `{ text, isInside, isContinued, code }`, where a line `isInside` that begins within a string
 * and `isContinued` where it belongs to the statement before; `code` is what of it is neither string nor comment.
 */
export function linesOf(source) {
  const lines = [{ text: "", isInside: false, isContinued: false, code: "" }];
  let depth = 0;
  for (const { kind, text } of partsOf(source)) {
    text.split("\n").forEach((piece, i) => {
      if (i) {
        const isContinued = kind === "code" && (depth > 0 || lines.at(-1).code.endsWith(BACKSLASH));
        lines.push({ text: "", isInside: kind === "string", isContinued, code: "" });
      }
      const line = lines.at(-1);
      line.text += piece;
      if (kind !== "code") return;
      line.code += piece;
      for (const char of piece) depth = Math.max(depth + (DEPTHS[char] ?? 0), 0);
    });
  }
  return lines;
}
