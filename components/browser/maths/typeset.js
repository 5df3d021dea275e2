// One line of notation as MathML: `∂(w·x)/∂w = x = ‹6.7000›`. Text is data; what does not parse is shown as it is.

import { keepUntranslated } from "../shell/dom.js";

const NAMESPACE = "http://www.w3.org/1998/Math/MathML";
const DEEPEST = 40;
const TOKENS = new RegExp([
  String.raw`(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+\-−]?\d+)?|∞)`,
  String.raw`(?<name>(?!ᵀ)\p{L}(?:(?!ᵀ)[\p{L}\p{M}\d])*′?(?:_(?:(?!ᵀ)[\p{L}\p{M}\d_])+)?)(?=(?<applied>\(?))`,
  String.raw`"(?<quote>[^"]+)"`,
  String.raw`(?<sign>\S)`,
].join("|"), "gu");
const RELATIONS = new Set("=≈≤≥<>→←,");
const SUMS = new Set("+−-");
const PRODUCTS = new Set("·×@/");
const PAIRS = new Map([["(", [")"]], ["[", ["]"]], ["|", ["|"]], ["‹", ["›", "value"]], ["«", ["»", "gradient"]]]);
const BEGINNINGS = new Set([...PAIRS.keys(), ..."√∂…"]);
const TIGHT = { lspace: "0", rspace: "0" };
const WIDE = { lspace: "0.2222em", rspace: "0.2222em" };
const GAP = "0.12em";

/** The `<math>` element of one line; it keeps the line as `data-notation`. */
export function typeset(text) {
  return element("math", [content(text)], { "data-notation": text });
}

/** Like `setMath`, one piece for each side of an equation, so that a long one breaks at its equals signs. */
export function setEquation(place, text) {
  const sides = text.split(" = ");
  keepUntranslated(place);
  while (place.children.length > sides.length) place.lastChild.remove();
  while (place.children.length < sides.length) {
    const side = document.createElement("span");
    side.className = "side";
    side.append(document.createElement("span"));
    if (place.children.length) side.prepend("= ");
    place.append(side);
  }
  sides.forEach((side, i) => setMath(place.children[i].lastChild, side));
}

/** Shows the notation in `place`, which is left alone if it shows just that already. */
export function setMath(place, text) {
  const shown = place.childNodes.length === 1 && place.firstElementChild;
  if (shown?.localName === "math" && shown.getAttribute("data-notation") === text) return;
  keepUntranslated(place);
  place.replaceChildren(typeset(text));
}

function content(text) {
  try {
    return new Parser(text).whole();
  } catch {
    return element("mtext", [text]);
  }
}

/** A method for each level of the grammar, loosest first. */
class Parser {
  constructor(text) {
    this.tokens = [...text.matchAll(TOKENS)].map(({ groups }) => groups);
    this.at = 0;
    this.depth = 0;
  }

  whole() {
    const node = this.line();
    if (this.at < this.tokens.length) throw new SyntaxError("more than one line");
    return node;
  }

  line() {
    return this.chain("phrase", RELATIONS);
  }

  /** Sums, and quoted words before, between and after them. */
  phrase() {
    const parts = [this.sum()];
    while (this.tokens[this.at]?.quote || (this.tokens[this.at - 1].quote && this.begins())) parts.push(this.sum());
    return row(parts);
  }

  sum() {
    return this.chain("term", SUMS);
  }

  chain(rule, signs) {
    const parts = [this[rule]()];
    while (signs.has(this.sign)) parts.push(this.operator(), this[rule]());
    return row(parts);
  }

  term() {
    return SUMS.has(this.sign) ? this.signed("term") : this.product();
  }

  /** A fraction takes all that stands before its stroke, but for a derivative, which is one alone. */
  product() {
    const outside = this.depth;
    let isPartial = this.sign === "∂";
    const parts = [this.factor()];
    while (PRODUCTS.has(this.sign)) {
      if (this.take("/")) {
        const above = isPartial ? [parts.pop()] : parts.splice(0);
        parts.push(fraction(row(above), this.deeper().factor()));
      } else {
        parts.push(this.operator(this.sign === "·" ? {} : WIDE));
        isPartial = this.sign === "∂"; // in x·∂y/∂x the fraction is ∂y/∂x
        parts.push(this.factor());
      }
    }
    this.depth = outside;
    return row(parts);
  }

  factor() {
    return SUMS.has(this.sign) ? this.signed("factor") : this.power();
  }

  signed(rule) {
    return row([this.operator({ form: "prefix" }), this.nested(rule)]);
  }

  power() {
    let base = this.atom();
    if (this.take("ᵀ")) base = raised(base, element("mtext", ["T"]));
    return this.take("^") ? raised(base, bare(this.nested("factor"))) : base;
  }

  atom() {
    const { number, name, applied, quote, sign } = this.tokens[this.at++] ?? {};
    if (number) return numeral(number);
    if (name) return applied ? row([identifier(name), this.atom()]) : identifier(name);
    if (quote) return element("mtext", [`\u00a0${quote}\u00a0`]);
    if (sign === "√") return element("msqrt", [bare(this.nested("atom"))]);
    if (sign === "∂") return row([operator("∂", { form: "prefix", ...TIGHT }), this.nested("atom")]);
    if (sign === "…") return operator("…", TIGHT);
    if (PAIRS.has(sign)) return this.enclosed(sign, ...PAIRS.get(sign));
    throw new SyntaxError(`no atom: ${sign}`);
  }

  enclosed(open, close, meaning) {
    const inside = this.nested("line");
    if (!this.take(close)) throw new SyntaxError(`no ${close}`);
    if (meaning) return element("mrow", [inside], { class: meaning });
    return row([operator(open, { form: "prefix" }), inside, operator(close, { form: "postfix" })]);
  }

  /** Rules come back to themselves by this alone: nothing is drawn that is too deep to be laid out. */
  nested(rule) {
    const node = this.deeper()[rule]();
    this.depth -= 1;
    return node;
  }

  deeper() {
    this.depth += 1;
    if (this.depth > DEEPEST) throw new SyntaxError("too deep");
    return this;
  }

  get sign() {
    return this.tokens[this.at]?.sign;
  }

  begins() {
    return this.at < this.tokens.length && (!this.sign || BEGINNINGS.has(this.sign));
  }

  operator(attributes) {
    return operator(this.tokens[this.at++].sign.replace("-", "−"), attributes);
  }

  take(sign) {
    const found = this.sign === sign;
    if (found) this.at += 1;
    return found;
  }
}

function element(name, children, attributes = {}) {
  const node = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

function row(parts) {
  return parts.length === 1 ? parts[0] : element("mrow", parts);
}

function operator(sign, attributes) {
  return element("mo", [sign], attributes);
}

/** A fraction whose bar keeps its distance even where the font has no measures for mathematics. */
function fraction(above, below) {
  const [numerator, denominator] = [bare(above), bare(below)];
  numerator.style.paddingBottom = GAP;
  denominator.style.paddingTop = GAP;
  return element("mfrac", [numerator, denominator]);
}

function raised(base, exponent) {
  if (base.localName === "msub") return element("msubsup", [...base.children, exponent]);
  return element("msup", [base, exponent]);
}

/** What stands in round brackets where the drawing makes them needless. */
function bare(node) {
  const [open, inside] = node.children;
  return open?.textContent === "(" ? inside : node;
}

function identifier(name) {
  if (name === "nan") return element("mtext", [name]);
  const [, stem, below] = name.match(/^([^_]+)_?(.*)$/);
  const letters = element("mi", [stem.normalize("NFC")]);
  const isAccented = /^\p{L}\p{M}+$/u.test(stem.normalize("NFD"));
  if (isAccented) letters.style.fontStyle = "italic"; // ŷ has no italic letter of its own
  return below ? element("msub", [letters, element("mtext", [below])]) : letters;
}

/** A number; `1.2e-08` as it is written by hand, 1.2·10^−8. */
function numeral(number) {
  const [digits, exponent] = number.replace("-", "−").split(/e/i);
  if (!exponent) return element("mn", [digits]);
  const [, minus, size] = exponent.match(/^(−?)\+?0*(\d+)$/);
  const power = element("mn", [size]);
  const signed = minus ? row([operator(minus, { form: "prefix" }), power]) : power;
  return row([element("mn", [digits]), operator("·"), element("msup", [element("mn", ["10"]), signed])]);
}
