// Refused lines: what is said, and the edits that are offered instead, one by one or all in one.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { standInForDocument } from "./elements.js";
import { Refusals, reshaped, shapeOf, withOffers } from "../../components/pages/playground/refusals.js";

const CODE = "import numpy\nimport os\nx = load('a')\nplot(x)";
const edit = (kind, line, text, more = {}) => ({
  kind, title: kind, first: line, last: line, new: [text], template: "", shape: "", said: "", ...more,
});
const RANDOM = edit("random", 3, "x = randn(8, 2)  # was: x = load('⟨n⟩')", {
  template: "x = randn(⟨shape⟩)", shape: "8, 2",
});
const REFUSALS = [
  { line: 1, text: "`numpy` is not <b>here</b>.", is_foreign: true, offers: [edit("import", 1, "# import numpy")] },
  { line: 2, text: "`os` is not here.", is_foreign: true, offers: [edit("import", 2, "# import os")] },
  { line: 3, text: "`load` is not here.", is_foreign: true, offers: [RANDOM, edit("comment", 3, "# x")] },
  { line: 4, text: "`plot` is not here.", is_foreign: false, offers: [edit("comment", 4, "# plot(x)")] },
];

beforeEach(() => {
  standInForDocument();
  globalThis.Node = { TEXT_NODE: 3 };
});

function open(refusals, code = CODE) {
  const told = [];
  const tell = (name) => (...values) => told.push([name, ...values]);
  const [goTo, apply, undo] = ["goTo", "apply", "undo"].map(tell);
  const list = new Refusals({ goTo, apply, undo });
  list.update({ refusals, code });
  return { list, told };
}

const press = (button) => button.dispatchEvent(new Event("click"));
const found = (node, name) => [node, ...node.children.flatMap((child) => found(child, name))]
  .filter((one) => one.localName === name)
  .filter((one, i, all) => all.indexOf(one) === i);

test("a program that is accepted, or refused in one line without an offer, has no list", () => {
  const { list } = open([]);
  assert.deepEqual([list.root.hidden, list.head.hidden], [true, true]);
  list.update({ refusals: [{ ...REFUSALS[0], offers: [] }], code: CODE });
  assert.equal(list.root.hidden, true);
  list.update({ refusals: REFUSALS, code: CODE });
  assert.deepEqual([list.root.hidden, list.head.hidden, list.undo.hidden], [false, false, true]);
});

test("each line says why, as text; the first is the page's readout", () => {
  const { list, told } = open(REFUSALS);
  const texts = list.rows.map(({ root }) => found(root, "span")[0]);
  assert.equal(texts[0].textContent, "numpy is not <b>here</b>.");
  assert.deepEqual({ ...texts[0].dataset }, { readout: "refused", value: "`numpy` is not <b>here</b>.", line: 1 });
  assert.deepEqual({ ...texts[1].dataset }, {});
  press(found(list.rows[3].root, "button")[0]);
  assert.deepEqual(told, [["goTo", 4]]);
});

test("an offer edits its own line, all of them in one edit, the imports by themselves", () => {
  const { list, told } = open(REFUSALS);
  press(found(list.rows[3].root, "button")[1]);
  press(list.imports);
  press(list.all);
  assert.deepEqual(told.map(([, code]) => code.split("\n")), [
    ["import numpy", "import os", "x = load('a')", "# plot(x)"],
    ["# import numpy", "# import os", "x = load('a')", "plot(x)"],
    ["# import numpy", "# import os", "x = randn(8, 2)  # was: x = load('⟨n⟩')", "# plot(x)"],
  ]);
  assert.ok(told.every(([, , before]) => before === CODE));
});

test("what was made can be undone as long as it is what stands there", () => {
  const { list, told } = open(REFUSALS);
  press(list.all);
  list.update({ refusals: [], code: told[0][1] });
  assert.deepEqual([list.root.hidden, list.head.hidden, list.undo.hidden], [true, false, false]);
  press(list.undo);
  assert.equal(told.at(-1)[0], "undo");
  list.update({ refusals: [], code: `${told[0][1]}\n` });
  assert.equal(list.head.hidden, true);
});

test("random data has the shape that is asked for; what is none is not offered", () => {
  const { list, told } = open(REFUSALS);
  const { field, root } = list.rows[2];
  const [, random] = found(root, "button");
  field.value = "3, 4,5";
  field.dispatchEvent(new Event("input"));
  press(random);
  assert.equal(told[0][1].split("\n")[2], "x = randn(3, 4, 5)  # was: x = load('⟨n⟩')");
  field.value = "3, x";
  field.dispatchEvent(new Event("input"));
  assert.deepEqual([random.disabled, field.attributes["aria-invalid"]], [true, "true"]);
  press(list.all);
  assert.equal(told[1][1].split("\n")[2], "x = load('a')");
});

test("a shape is a few lengths, of not too many numbers together", () => {
  const cases = {
    "8": [8], " 8 , 2 ": [8, 2], "1×28×28": [1, 28, 28], "64, 784,": [64, 784], "": null, "0": null, "-1": null,
    "1.5": null, "1e3": null, "99999, 99999": null, "8;2": null, "x": null,
  };
  for (const [text, shape] of Object.entries(cases)) assert.deepEqual(shapeOf(text), shape, text);
});

test("an offer of several lines takes the place of as many", () => {
  const offer = { first: 2, last: 3, new: ["# b", "# c"] };
  assert.equal(withOffers("a\nb\nc\nd", [offer]), "a\n# b\n# c\nd");
  assert.deepEqual(reshaped({ ...RANDOM, new: [...RANDOM.new, "# more"] }, [1]).new, [
    "x = randn(1)  # was: x = load('⟨n⟩')", "# more",
  ]);
});
