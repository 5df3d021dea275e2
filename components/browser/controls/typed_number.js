// A number as it is typed or pasted, as the server reads it too.

const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/;
const IN_PARENTHESES = /^\(\s*([+-][^()]*)\)$/;
const UNSEEN = /[\u200b-\u200f\u202a\u202c\u2060\u2066\u2068\u2069\ufeff]/g;
const MINUS_SIGNS = /[\u2010-\u2013\u2212\ufe63]/g;
const FULL_WIDTH = /[\uff01-\uff5e]/g;
const LONGEST = 64;

/** The finite number that a text spells, or null. */
export function readNumber(text) {
  const decimal = text.length > LONGEST ? "" : plain(text);
  const number = DECIMAL.test(decimal) ? Number(decimal) : NaN;
  return Number.isFinite(number) ? number : null;
}

/** Dashes are minus signs, full-width characters their narrow ones; what cannot be seen is left out. */
function plain(text) {
  const narrow = text.replace(UNSEEN, "").replace(MINUS_SIGNS, "-")
    .replace(FULL_WIDTH, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0)).trim();
  return narrow.replace(IN_PARENTHESES, "$1").trim().replaceAll(",", ".");
}
