// What comes over the wire, and what the browser adds of what it holds.

import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, Held } from "../../components/browser/shell/message.js";
import { drag, encode, visit } from "./fakes.js";

const VALUES = { x: 1, w: 2, b: 3 };
const STATIC = { curves: { names: ["w", "b"] }, controls: ["x", "w", "b"] };

test("a message is decoded: JSON of any length, arrays by name, nan and inf among them", () => {
  const rows = { "w.loss": [1, NaN, 2], none: [], z: [Infinity] };
  for (const filling of ["", "a", "ab", "abc", "ŷ", "−∞"]) {
    const { arrays, ...rest } = decode(encode({ page: "p", filling, arrays: rows }));
    assert.deepEqual(rest, { page: "p", filling });
    assert.deepEqual(arrays["w.loss"], new Float32Array([1, NaN, 2]));
    assert.deepEqual([arrays.none.length, arrays.z], [0, new Float32Array([Infinity])]);
  }
});

test("bytes that begin anywhere in their buffer are decoded", () => {
  const bytes = encode({ page: "p", arrays: { row: [1.5, 2.5] } });
  for (const offset of [0, 1, 2, 3]) {
    const around = new Uint8Array(bytes.length + 8);
    around.set(bytes, offset);
    assert.deepEqual(decode(around.subarray(offset, offset + bytes.length)).arrays.row, new Float32Array([1.5, 2.5]));
  }
});

test("a message without arrays has none", () => {
  assert.deepEqual(decode(new Uint8Array([4, 0, 0, 0, 123, 125, 32, 32])), { arrays: {} });
});

test("static parts are held by their id, the last eight used", () => {
  const held = new Held();
  for (let i = 1; i <= 8; i += 1) held.keep({ static_id: `s${i}`, static: { i } });
  assert.deepEqual(held.complete({ static_id: "s1" }), { i: 1 });
  held.keep({ static_id: "s9", static: { i: 9 } });
  assert.deepEqual(held.complete({ static_id: "s1" }), { i: 1 });
  assert.equal(held.complete({ static_id: "s2" }), null);
});

test("an entry of a static part that says what the last one's says is the same object", () => {
  const held = new Held();
  held.keep({ static_id: "a", static: { graph: { nodes: 1 }, controls: [1] } });
  held.keep({ static_id: "b", static: { graph: { nodes: 2 }, controls: [1] } });
  const [a, b] = [held.complete({ static_id: "a" }), held.complete({ static_id: "b" })];
  assert.equal(a.controls, b.controls);
  assert.deepEqual([a.graph, b.graph], [{ nodes: 1 }, { nodes: 2 }]);
});

test("arrays that were left out are those of the message that the browser said it holds", () => {
  const held = new Held();
  const say = (swept, base) => {
    const arrays = Object.fromEntries(swept.map((name) => [`${name}.loss`, new Float32Array(1)]));
    const message = { static_id: "s", static: STATIC, values: VALUES, swept, arrays };
    held.keep(message);
    return held.complete(message, base) && message;
  };
  const first = say(["w", "b"], null);
  const second = say(["b"], first);
  assert.equal(second.arrays["w.loss"], first.arrays["w.loss"]);
  assert.notEqual(second.arrays["b.loss"], first.arrays["b.loss"]);
  const third = say([], second);
  assert.deepEqual(Object.values(third.arrays), [first.arrays["w.loss"], second.arrays["b.loss"]]);
  assert.equal(say(["b"], null), null);
});

test("a message whose static part is missing is asked for anew, once, and not shown", () => {
  const page = visit({ say: ({ seq }) => (seq ? { static_id: "s2", static: undefined } : {}) });
  page.clock.pass(10);
  page.line.change({ w: 2 }, true);
  page.clock.pass(1000);
  const asked = page.server.events.map(({ static_id, held, released }) => [static_id, held && held.w, released]);
  assert.deepEqual(asked, [["s1", 1, true], [null, null, true]]);
  assert.deepEqual(page.values(), [1]);
});

test("what is asked for anew is shown, with the address that was asked for", () => {
  const say = ({ static_id }) => (static_id === "s1" ? { static_id: "s2", static: undefined } : {});
  const page = visit({ say });
  page.clock.pass(10);
  page.line.change({ w: 2 }, true);
  page.clock.pass(1000);
  assert.deepEqual(page.shown.map(({ values, address }) => [values.w, address?.w]), [[1, undefined], [2, "2"]]);
});

test("what was asked for only once is asked again where its answer cannot be shown", () => {
  const say = ({ static_id }) => (static_id === "s1" ? { static_id: "s2", static: undefined } : {});
  const page = visit({ say, delay: 40 });
  page.clock.pass(10);
  page.line.change({ w: 2 }, false);
  page.clock.pass(20);
  page.line.change({ w: 3 }, true);
  page.clock.pass(1000);
  assert.equal(page.shown.at(-1).address.w, "3");
});

/** A server that sends the arrays of inputs that moved since `held`; each number says which values it belongs to. */
function sweep({ held, static_id }, values) {
  const others = (name, of) => JSON.stringify({ ...of, [name]: null });
  const swept = ["w", "b"].filter((name) => !held || static_id !== "s1" || others(name, held) !== others(name, values));
  const belonging = { w: [values.x, values.b], b: [values.x, values.w] };
  const arrays = Object.fromEntries(swept.map((name) => [`${name}.loss`, belonging[name]]));
  return { swept, arrays, ...(static_id === "s1" ? {} : { static: STATIC }) };
}

for (const delay of [0, 40, 160]) {
  test(`to and fro at ${2 * delay} ms every message has the arrays that belong to its values`, () => {
    const page = visit({ delay, work: 3, say: sweep });
    page.clock.pass(1000);
    for (const name of ["x", "w", "x", "b", "w", "x"]) {
      for (let step = 0; step < 12; step += 1) {
        page.line.change({ [name]: [0, 0.25, 0.5, 0.25][step % 4] }, false);
        page.clock.pass(17);
      }
    }
    drag(page, 20);
    page.clock.pass(1000);
    assert.ok(page.shown.length > 40);
    for (const { arrays, values } of page.shown) {
      assert.deepEqual([...arrays["w.loss"]], [values.x, values.b].map(Math.fround));
      assert.deepEqual([...arrays["b.loss"]], [values.x, values.w].map(Math.fround));
    }
    assert.equal(page.values().at(-1), 0.2);
    assert.equal(page.server.events.filter(({ held }) => held === null).length, 0);
  });
}
