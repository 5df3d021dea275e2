// Values as an address says them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { spell } from "../../components/browser/shell/spelling.js";

const DEFAULTS = { w: 1, loss: "notebook", with_x: false, values: [1, 2, 3], v: [1], run: [] };
const USUAL = { w: 1, loss: "notebook", with_x: false, values: [1, 2, 3], v: [1, 1, 1], run: [] };
const NONE = { w: null, loss: null, with_x: null, values: null, v: null, run: null };

test("what is as usual is not said", () => {
  assert.deepEqual(spell(USUAL, DEFAULTS), NONE);
});

for (const [name, value, text] of [
  ["w", 2, "2"], ["w", -0.05, "-0.05"], ["w", -0, "0"], ["loss", "bce", "bce"], ["with_x", true, "1"],
  ["values", [0.5, -2], "0.5,-2"], ["values", [1], "1"], ["v", [1, 2, 1], "1,2,1"], ["run", ["backward"], "backward"],
]) {
  test(`${name} of ${JSON.stringify(value)} is ${text}`, () => {
    assert.deepEqual(spell({ ...USUAL, [name]: value }, DEFAULTS), { ...NONE, [name]: text });
  });
}

test("lists with a separator of their own are spelled with it", () => {
  const defaults = { points: [[0, 1], [1, 0]], compare: [] };
  const separators = { points: ";", compare: ";" };
  const written = spell({ points: [[-2.5, 0], [1, 1]], compare: ["sgd:never", "adam"] }, defaults, separators);
  assert.deepEqual(written, { points: "-2.5,0;1,1", compare: "sgd:never;adam" });
  assert.deepEqual(spell(defaults, defaults, separators), { points: null, compare: null });
  assert.equal(spell({ points: [["2,5", 0]], compare: [] }, defaults, separators), null);
});

test("nothing is spelled while a text waits to be read", () => {
  for (const change of [{ w: "abc" }, { values: [1, "2,5", 3] }, { w: undefined }]) {
    assert.equal(spell({ ...USUAL, ...change }, DEFAULTS), null);
  }
});
