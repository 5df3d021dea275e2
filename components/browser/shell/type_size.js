// The size of all type, kept in this browser: that of the root, which every length follows, and with it the widths and
// heights of a window at which the layout changes. Projector mode has a size of its own.

import { isPresenting } from "./dom.js";

const KEY = "autograd-explorer-type";
const ROOT_PX = 16;
const LIMIT = /(min|max)(-width|-height): (\d+)px/g;

/** In percent; the first is the usual one. */
export const SIZES = [100, 115, 130];

let size = null; // where the browser keeps nothing, it holds until the page is left
let sheet = null;
let applied = null;
const usual = new WeakMap();

/** The size that is chosen, in percent. */
export function typeSize() {
  return (size ??= read());
}

/** How many times as large as usual all type is shown. */
export function typeScale() {
  return shown() / 100;
}

function shown() {
  return isPresenting() ? SIZES[0] : typeSize();
}

/** The size that follows, after the last one the first. */
export function nextSize(current) {
  return SIZES[(SIZES.indexOf(current) + 1) % SIZES.length];
}

/** Takes a size, keeps it, and shows it at once. */
export function setTypeSize(next) {
  size = next;
  try {
    localStorage.setItem(KEY, String(next));
  } catch {
    // Forbidden in some frames.
  }
  showTypeSize();
}

/** Has a style sheet of lengths in rem follow the size, from now on. */
export function followTypeSize(styleSheet) {
  sheet = styleSheet;
  applied = null;
  showTypeSize();
}

/** A media query whose limits are those of a window so many percent as large; no width lies between two limits. */
export function enlarged(query, percent) {
  return query.replace(LIMIT, (_, end, side, pixels) => {
    const limit = end === "max" ? Math.floor(pixels * percent / 100) : Math.floor((pixels - 1) * percent / 100) + 1;
    return `${end}${side}: ${limit}px`;
  });
}

/** Shows what is chosen: called again where projector mode begins or ends. */
export function showTypeSize() {
  if (applied === shown()) return;
  applied = shown();
  document.documentElement.style.fontSize = applied === SIZES[0] ? "" : `${ROOT_PX * typeScale()}px`;
  if (sheet) enlargeRules(sheet.cssRules);
}

function enlargeRules(rules) {
  for (const rule of rules) {
    if (rule.media) enlargeRule(rule);
    if (rule.cssRules) enlargeRules(rule.cssRules);
  }
}

function enlargeRule(rule) {
  const query = usual.get(rule) ?? rule.media.mediaText;
  usual.set(rule, query);
  const wanted = enlarged(query, applied);
  if (rule.media.mediaText !== wanted) rule.media.mediaText = wanted;
}

function read() {
  try {
    const kept = Number(localStorage.getItem(KEY));
    return SIZES.includes(kept) ? kept : SIZES[0];
  } catch {
    return SIZES[0];
  }
}
