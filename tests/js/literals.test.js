// Numbers of a program that are dragged.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { standInForDocument } from "./elements.js";
import {
  LiteralHandles, literalAt, literalsIn, rewrite, spell, stepped,
} from "../../components/browser/editor/literals.js";

const CODE = "x = 1\nw = f(2.50, -3)";
const X = { line: 1, column: 4, length: 1, value: 1, step: 1, min: 0, max: 9, decimals: 0 };
const W = { line: 2, column: 6, length: 4, value: 2.5, step: 0.1, min: -10, max: 10, decimals: 2 };
const B = { line: 2, column: 12, length: 2, value: -3, step: 1, min: -10, max: 10, decimals: 0 };
const ALL = [X, W, B];

beforeEach(standInForDocument);

test("a number goes in steps, within its bounds, without what floats add", () => {
  assert.equal(stepped({ ...W, value: 0.1 }, 2), 0.3);
  assert.equal(stepped(W, 1000), 10);
  assert.ok(Object.is(stepped({ ...W, value: 0.1 }, -1), 0));
  assert.equal(stepped(X, -5), 0);
});

test("a number is written without exponent", () => {
  assert.deepEqual([spell(2.5, 2), spell(1e-7, 8), spell(3, 0), spell(-0.5, 1)], ["2.50", "0.00000010", "3", "-0.5"]);
});

test("a number takes another's place, and what stands behind it moves", () => {
  const { code, start, end, text, literals } = rewrite(CODE, ALL, W, -2.5);
  assert.equal(code, "x = 1\nw = f(-2.50, -3)");
  assert.deepEqual([start, end, text], [12, 16, "-2.50"]);
  assert.deepEqual(literals, [X, { ...W, value: -2.5, length: 5 }, { ...B, column: 13 }]);
  assert.deepEqual(literalsIn(code, literals), literals);
});

test("literals of another text are left out", () => {
  assert.deepEqual(literalsIn("x = 1\nw = f(2.51, -3)", ALL), [X, B]);
  assert.deepEqual(literalsIn("", ALL), []);
  assert.deepEqual(literalsIn("x = 1_0", [{ ...X, length: 3, value: 10 }]).length, 1);
});

test("the caret is at a literal from its beginning to its end", () => {
  const at = (column) => literalAt(ALL, { line: 2, column });
  assert.deepEqual([5, 6, 10, 11, 12].map(at), [null, W, W, null, B]);
});

/** Handles over the program, and what they tell. */
function handles() {
  const told = [];
  const press = (...all) => told.push(["press", ...all]);
  const made = new LiteralHandles({ drag: (...all) => told.push(all), press });
  made.show(CODE.split("\n"), ALL);
  const target = made.root.children[1].children[1];
  const send = (name, clientX, more = {}) => made.root.send(name, { clientX, button: 0, target, ...more });
  return { made, told, send, target };
}

test("each literal has a handle where it stands", () => {
  const { made } = handles();
  const part = ({ textContent, className }) => (className ? [textContent] : textContent);
  const rows = made.root.children.map(({ children }) => children.map(part));
  assert.deepEqual(rows, [["x = ", ["1"]], ["w = f(", ["2.50"], ", ", ["-3"]]]);
  assert.deepEqual(made.root.children.map(({ style }) => style["--row"]), [0, 1]);
});

test("a press that hardly moves is a press, any other a drag", () => {
  const { told, send } = handles();
  send("pointerdown", 10);
  send("pointermove", 13);
  send("pointerup", 13);
  assert.deepEqual(told, [["press", W, 0.25]]);
  told.length = 0;
  send("pointerdown", 10);
  send("pointermove", 40);
  send("pointermove", 40);
  send("pointerup", 40);
  assert.deepEqual(told, [[W, 3.5, false], [W, 3.5, true]]);
});

test("a second press takes all of the literal", () => {
  const { told, send } = handles();
  send("pointerdown", 10);
  send("pointerup", 10);
  send("dblclick", 10);
  assert.deepEqual(told.at(-1), ["press", W, null]);
});

test("with a key held, or another button, the text is meant", () => {
  const { told, send } = handles();
  for (const more of [{ shiftKey: true }, { altKey: true }, { button: 2 }]) {
    send("pointerdown", 10, more);
    send("pointermove", 90);
    send("pointerup", 90);
  }
  assert.deepEqual(told, []);
});

test("a drag can be taken back", () => {
  const { made, told, send } = handles();
  assert.equal(made.cancel(), false);
  send("pointerdown", 10);
  send("pointermove", 40);
  assert.equal(made.cancel(), true);
  assert.deepEqual(told.at(-1), [W, 2.5, true]);
});
