// Numbers of a program that can be dragged where they stand.
//
// A literal is `{ line, column, length, value, step, min, max, decimals }`: `line` counts from 1, `column` from 0, in
// UTF-16 units.

import { element } from "../shell/dom.js";
import { startsOf } from "./places.js";

const THRESHOLD_PX = 4;
const STEP_PX = 3;

/** The number so many steps on, within the literal's bounds. */
export function stepped({ value, step, min, max, decimals }, steps) {
  const next = Math.min(Math.max(value + steps * step, min), max);
  return Number(next.toFixed(decimals)) + 0;
}

/** A number as a program has it, without exponent. */
export function spell(value, decimals) {
  return value.toFixed(decimals);
}

/** Those literals that a program has where they say. */
export function literalsIn(code, literals) {
  const lines = code.split("\n");
  return literals.filter(({ line, column, length, value }) => {
    const text = lines[line - 1]?.slice(column, column + length) ?? "";
    return text.trim() !== "" && Number(text.replaceAll("_", "").replace(/^([+-])\s+/, "$1")) === value;
  });
}

/** The literal that the caret stands in or beside. */
export function literalAt(literals, { line, column }) {
  return literals.find((literal) => {
    return literal.line === line && literal.column <= column && column <= literal.column + literal.length;
  }) ?? null;
}

/** A program with another number in a literal's place, and all literals as they stand then. */
export function rewrite(code, literals, literal, value) {
  const text = spell(value, literal.decimals);
  const start = startsOf(code)[literal.line - 1] + literal.column;
  const changed = { ...literal, value, length: text.length };
  const moved = literals.map((other) => {
    if (isSame(other, literal)) return changed;
    const isBehind = other.line === literal.line && other.column > literal.column;
    return isBehind ? { ...other, column: other.column + text.length - literal.length } : other;
  });
  const end = start + literal.length;
  return { code: code.slice(0, start) + text + code.slice(end), start, end, text, literal: changed, literals: moved };
}

export function isSame(one, other) {
  return one.line === other.line && one.column === other.column;
}

/** What is taken hold of: a layer over the text, in which only the literals are there. */
export class LiteralHandles {
  /**
   * `drag(literal, value, released)` is called while a literal is dragged, `literal` as it was when it was taken hold
   * of; `press(literal, part)` where it is pressed only, at a part of its length, null for all of it: pressed twice.
   */
  constructor({ drag, press }) {
    Object.assign(this, { drag, press, held: null, pressed: null });
    this.root = element("div", { className: "handles", "aria-hidden": "true" });
    const on = (name, act) => this.root.addEventListener(name, act);
    on("mousedown", (event) => event.button || event.preventDefault()); // the text keeps its selection
    on("pointerdown", (event) => this.take(event));
    on("pointermove", (event) => this.move(event));
    on("pointerup", (event) => this.release(event));
    on("pointercancel", (event) => this.release(event));
    on("dblclick", () => this.pressed && this.press(this.pressed, null));
  }

  /** Lays a handle over each literal; while one is held, its element stays. */
  show(lines, literals) {
    const numbers = [...new Set(literals.map(({ line }) => line))].sort((one, other) => one - other);
    while (this.root.children.length > numbers.length) this.root.lastChild.remove();
    while (this.root.children.length < numbers.length) this.root.append(element("div", { className: "handle-line" }));
    numbers.forEach((number, i) => {
      const row = this.root.children[i];
      row.style.setProperty("--row", number - 1);
      fill(row, lines[number - 1], literals.filter(({ line }) => line === number));
    });
  }

  take(event) {
    const { literal } = event.target;
    if (event.button || event.altKey || event.shiftKey || event.ctrlKey || event.metaKey || !literal) return;
    const { left, width } = event.target.getBoundingClientRect();
    const part = (event.clientX - left) / width;
    this.held = { literal, part, x: event.clientX, value: literal.value, isDragged: false };
    this.root.setPointerCapture(event.pointerId);
  }

  move({ clientX }) {
    const { held } = this;
    if (!held) return;
    const distance = clientX - held.x;
    if (!held.isDragged && Math.abs(distance) < THRESHOLD_PX) return;
    held.isDragged = true;
    const value = stepped(held.literal, Math.round(distance / STEP_PX));
    if (value === held.value) return;
    held.value = value;
    this.drag(held.literal, value, false);
  }

  release({ type }) {
    const { held } = this;
    this.held = null;
    if (held?.isDragged) return this.drag(held.literal, held.value, true);
    this.pressed = type === "pointerup" ? held?.literal ?? null : null;
    return this.pressed && this.press(this.pressed, held.part);
  }

  /** Takes back what has been dragged; returns whether there was anything. */
  cancel() {
    const { held } = this;
    this.held = null;
    if (held?.isDragged) this.drag(held.literal, held.literal.value, true);
    return Boolean(held);
  }
}

/** A line of a layer: unseen text, and the literals in it. */
function fill(row, line, literals) {
  const parts = [];
  let end = 0;
  for (const literal of [...literals].sort((one, other) => one.column - other.column)) {
    parts.push([line.slice(end, literal.column), null]);
    end = literal.column + literal.length;
    parts.push([line.slice(literal.column, end), literal]);
  }
  while (row.children.length > parts.length) row.lastChild.remove();
  while (row.children.length < parts.length) row.append(element("span"));
  parts.forEach(([text, literal], i) => {
    const place = row.children[i];
    if (place.textContent !== text) place.textContent = text;
    Object.assign(place, { literal, className: literal ? "handle" : "" });
  });
}
