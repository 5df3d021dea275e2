// The surface as Plotly takes it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { onScale, paths, surfaceOf } from "../../components/pages/training/surface.js";

const COLOURS = ["black", "grey", "white"];

test("rows are those of b, from the lowest on; what is not finite is a gap", () => {
  const values = Float32Array.from([1, 2, 3, 4, Infinity, 6, 7, NaN, 9]);
  const [surface, levels] = surfaceOf(values, 5, COLOURS);
  assert.deepEqual(surface.z, [[1, 2, 3], [4, null, 6], [7, null, 9]]);
  assert.deepEqual(surface.x, [-5, 0, 5]);
  assert.deepEqual([surface.zmin, surface.zmax], [1, 9]);
  assert.equal(levels.z[1][1], null);
  assert.equal(levels.z[0][0], 0);
});

test("the colour scale goes from 0 to 1 and never back, whatever the losses are", () => {
  for (const values of [[0, 0, 0, 0], [1, 1, 1, 1], [0, 1e-9, 5, 40], [NaN, NaN, Infinity, NaN], [0.5, 0.6, 3, 80]]) {
    const [{ colorscale }, { contours }] = surfaceOf(Float32Array.from(values), 5, COLOURS);
    const stops = colorscale.map(([stop]) => stop);
    assert.deepEqual([stops[0], stops.at(-1)], [0, 1], String(values));
    assert.deepEqual([...stops].sort((a, b) => a - b), stops, String(values));
    assert.ok(contours.size > 0 && stops.every(Number.isFinite), String(values));
  }
});

test("each run has its own place, with a gap where it has ended", () => {
  const arrays = {
    "path.w": Float32Array.from([1, NaN]), "path.b": Float32Array.from([2, 3]),
    "path 2.w": Float32Array.from([4]), "path 2.b": Float32Array.from([5]),
  };
  assert.deepEqual(paths(arrays, 2), [{ x: [1, null], y: [2, 3] }, { x: [4], y: [5] }]);
});

test("a dragged place is on the slider's grid and within its ends", () => {
  const slider = { min: -5, max: 5, step: 0.01, decimals: 2 };
  assert.equal(onScale(slider, 1.23456), 1.23);
  assert.equal(onScale(slider, 99), 5);
});
