// What the pieces of a Python program are, for their colours; it need not be right, or finished.

const KEYWORDS = words(`
  False None True and as assert async await break class continue def del elif else except finally for from global if
  import in is lambda nonlocal not or pass raise return try while with yield`);
const BUILTINS = words(`
  abs all any bool dict divmod enumerate filter float format int isinstance len list map max min pow print range repr
  reversed round set sorted str sum super tuple type zip`);

const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER = /0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?[jJ]?/y;
const COMMENT = /#.*/y;
const STRING = /([rR]?[bBfF]|[bBfF]?[rR]|[uU])?("""|'''|"|')/y;
const DECORATOR = /@[\w.]+/y;
const OTHER = /[^\S\n]+|\n|[^]/uy;

const TORCH_MODULE = /^[^\S\n]*import[^\S\n]+torch[\w.]*[^\S\n]+as[^\S\n]+(\w+)/gm;
const FROM_TORCH = /^[^\S\n]*from[^\S\n]+torch[\w.]*[^\S\n]+import[^\S\n]+([\w, ]+)/gm;

/**
 * The lines of a program, each a list of pieces `[kind, text]`. Kinds: "keyword", "number", "string", "comment",
 * "decorator", "torch", "builtin", and "" for all else.
 */
export function highlight(code) {
  const lines = [[]];
  for (const [kind, text] of new Scanner(code).run()) {
    text.split("\n").forEach((part, i) => {
      if (i) lines.push([]);
      if (part) add(lines.at(-1), kind, part);
    });
  }
  return lines;
}

function add(pieces, kind, text) {
  const last = pieces.at(-1);
  if (last?.[0] === kind) last[1] += text;
  else pieces.push([kind, text]);
}

class Scanner {
  constructor(code) {
    Object.assign(this, { code, at: 0, pieces: [], torch: torchNames(code), torchEnd: -1 });
  }

  run() {
    while (this.at < this.code.length) this.next();
    return this.pieces;
  }

  /** Takes what a pattern finds here; null where it finds nothing. */
  match(pattern) {
    pattern.lastIndex = this.at;
    return pattern.exec(this.code);
  }

  take(kind, text) {
    this.pieces.push([kind, text]);
    this.at += text.length;
  }

  takeUpTo(kind, end) {
    if (end > this.at) this.take(kind, this.code.slice(this.at, end));
  }

  next() {
    const string = this.match(STRING);
    if (string) return this.string(string);
    const decorator = this.code[this.at] === "@" && this.isLineStart() && this.match(DECORATOR);
    if (decorator) return this.take("decorator", decorator[0]);
    for (const [kind, pattern] of [["comment", COMMENT], ["number", NUMBER]]) {
      const found = this.match(pattern);
      if (found) return this.take(kind, found[0]);
    }
    const name = this.match(NAME);
    return name ? this.name(name[0]) : this.take("", this.match(OTHER)[0]);
  }

  isLineStart() {
    return !this.code.slice(this.code.lastIndexOf("\n", this.at - 1) + 1, this.at).trim();
  }

  name(name) {
    const isMember = this.code[this.at - 1] === ".";
    if (isMember ? this.torchEnd === this.at - 1 : this.torch.has(name)) {
      this.torchEnd = this.at + name.length;
      return this.take("torch", name);
    }
    const kind = KEYWORDS.has(name) ? "keyword" : BUILTINS.has(name) && !isMember ? "builtin" : "";
    return this.take(kind, name);
  }

  string([opening, prefix = "", quote]) {
    const isFormatted = /f/i.test(prefix);
    this.take("string", opening);
    this.text(quote, isFormatted);
    if (this.code.startsWith(quote, this.at)) this.take("string", quote);
  }

  /** The inside of a string, up to its end or, of one line, to the line's; `{` opens a field where it is formatted. */
  text(quote, isFormatted) {
    const { code } = this;
    for (let end = this.at; ; ) {
      const char = code[end];
      if (this.isOver(end, quote)) return this.takeUpTo("string", end);
      if (char === "\\" || (isFormatted && /^(\{\{|\}\})/.test(code.slice(end, end + 2)))) end += 2;
      else if (isFormatted && char === "{") {
        this.takeUpTo("string", end + 1);
        this.field(quote);
        end = this.at;
      } else end += 1;
    }
  }

  isOver(end, quote) {
    const { code } = this;
    return end >= code.length || code.startsWith(quote, end) || (quote.length === 1 && code[end] === "\n");
  }

  /** The expression of a formatted string's field; what follows a colon says how it is written. */
  field(quote) {
    const depths = { "(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1 };
    let depth = 0;
    while (!this.isOver(this.at, quote)) {
      const char = this.code[this.at];
      if (depth === 0 && char === "}") return undefined;
      if (depth === 0 && char === ":") return this.format(quote);
      depth += depths[char] ?? 0;
      this.next();
    }
    return undefined;
  }

  /** How a field is written: text, with fields in it. */
  format(quote) {
    let end = this.at;
    while (!this.isOver(end, quote) && this.code[end] !== "}") {
      end += 1;
      if (this.code[end - 1] !== "{") continue;
      this.takeUpTo("string", end);
      this.field(quote);
      end = this.code[this.at] === "}" ? this.at + 1 : this.at;
    }
    this.takeUpTo("string", end);
  }
}

/** The names under which a program has torch and what it imports from it. */
function torchNames(code) {
  const names = new Set(["torch"]);
  for (const [, name] of code.matchAll(TORCH_MODULE)) names.add(name);
  for (const [, list] of code.matchAll(FROM_TORCH)) {
    for (const entry of list.split(",")) names.add(entry.trim().split(/\s+as\s+/).at(-1));
  }
  return names;
}

function words(text) {
  return new Set(text.trim().split(/\s+/));
}
