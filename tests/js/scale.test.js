// Positions of a slider and its numbers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { scaleOf } from "../../components/browser/controls/scale.js";

const LR = scaleOf({ name: "lr", min: 0.001, max: 100, powers: [-3, 2], digits: 3 });
const STEPS = scaleOf({ name: "batch", min: 0, max: 20, step: 1, decimals: 0, word: "all" });
const W = scaleOf({ name: "w", min: -5, max: 5, step: 0.01, decimals: 2 });

test("a logarithmic slider has three digits everywhere, and both ends", () => {
  assert.equal(LR.toNumber(-3), 0.001);
  assert.equal(LR.toNumber(2), 100);
  assert.equal(LR.toNumber(-0.3), 0.501);
  assert.equal(LR.write(0.5), "0.5");
  assert.deepEqual(LR.ends, { min: -3, max: 2, step: 0.01 });
});

test("numbers and positions are each other's inverse", () => {
  for (let position = -3; position <= 2; position += 0.07) {
    assert.ok(Math.abs(LR.toPosition(LR.toNumber(position)) - position) < 0.003, String(position));
  }
  assert.equal(LR.share(0.001), 0);
  assert.ok(Math.abs(LR.share(100) - 1) < 1e-12);
});

test("an even slider's position is its number", () => {
  assert.equal(W.toNumber(-0.05), -0.05);
  assert.equal(W.write(1), "1.00");
  assert.equal(W.isSpoken, false);
});

test("a smallest value may have a word", () => {
  assert.equal(STEPS.write(0), "all");
  assert.equal(STEPS.write(3), "3");
  assert.equal(STEPS.isSpoken, true);
});
