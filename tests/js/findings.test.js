// Findings: what is said, what is chosen, and repairs that are offered for their own text alone.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { standInForDocument } from "./elements.js";
import { lineDiff } from "../../components/browser/editor/line_diff.js";
import { changedRange } from "../../components/browser/editor/places.js";
import { Findings } from "../../components/browser/findings/findings.js";

const CUT = {
  kind: "cut", title: "The gradient stops here", asks: false, line: 2, text: "`x` takes no gradient: <b>1</b>.",
  repair: { title: "Put `requires_grad=True` into line 2", head: 1, old: ["x = 1"], new: ["x = 2", "y = 3"] },
  moment: null, nodes: ["x"], factors: [],
};
const ZERO = {
  kind: "zero", title: "Is this meant?", asks: true, line: 5, text: "Small.", repair: null,
  moment: 1, nodes: ["a", "b"],
  factors: [
    { node: "a", op: "SigmoidBackward0", line: 4, text: "−0.68" },
    { node: "b", op: "MulBackward0", line: null, text: "0" },
  ],
};

beforeEach((context) => {
  standInForDocument();
  globalThis.Node = { TEXT_NODE: 3 };
  context.mock.timers.enable({ apis: ["setTimeout"] });
});

/** The findings, and all that is asked for. */
function open(...shown) {
  const told = [];
  const tell = (name) => (...values) => told.push([name, ...values]);
  const [goTo, choose, undo] = ["goTo", "choose", "undo"].map(tell);
  const apply = (finding) => told.push(["apply", finding]) && "repaired";
  const findings = new Findings({ goTo, apply, choose, undo });
  findings.update(shown, "");
  return { findings, told };
}

const press = (button) => button.dispatchEvent(new Event("click"));

test("nothing is shown of a program in which nothing was found", () => {
  const { findings } = open();
  assert.equal(findings.list.children.length, 0);
  findings.update([CUT], "");
  assert.equal(findings.list.children.length, 1);
  findings.update([], "");
  assert.deepEqual([findings.list.children.length, findings.applied.hidden], [0, true]);
});

test("a finding is a readout with its kind and line, and names in it are code, never markup", () => {
  const { findings } = open(CUT);
  const { text } = findings.views[0];
  assert.deepEqual(text.attributes, { "data-readout": "why", "data-kind": "cut", "data-line": "2" });
  assert.equal(text.textContent, "x takes no gradient: <b>1</b>.");
  assert.deepEqual(text.children.map(({ localName, textContent }) => [localName, textContent]), [["code", "x"]]);
});

test("the first is open by itself; another that is chosen is looked at, and its factors lead to their nodes", () => {
  const { findings, told } = open(CUT, ZERO);
  const opened = () => findings.views.map(({ more }) => !more.hidden);
  assert.deepEqual(opened(), [true, false]);
  press(findings.views[1].title);
  assert.deepEqual(opened(), [false, true]);
  press(findings.views[1].factors[1]);
  assert.deepEqual(told, [["choose", ZERO, undefined], ["choose", ZERO, "b"]]);
  assert.deepEqual(findings.views[1].factors.map(({ textContent }) => textContent), ["−0.68", "0"]);
});

test("a repair shows what changes, and is applied only to the text that it was made for", () => {
  const { findings, told } = open(CUT);
  const { diff, press: apply } = findings.views[0];
  assert.deepEqual(diff.children.map(({ className, textContent }) => [className, textContent]), [
    ["goes", "2−x = 1"], ["comes", "+x = 2"], ["comes", "+y = 3"],
  ]);
  findings.offer(false);
  assert.equal(apply.disabled, true);
  press(apply);
  assert.deepEqual(told, []);
  findings.update([CUT], "");
  assert.equal(apply.disabled, false);
  press(apply);
  findings.update([], "repaired");
  assert.equal(findings.applied.hidden, false);
  press(findings.applied.children[1]);
  assert.deepEqual(told.map(([name, finding]) => [name, finding === CUT]), [["apply", true], ["undo", false]]);
  findings.update([CUT], "repaired and typed on");
  assert.equal(findings.applied.hidden, true);
});

test("while a number is dragged the same elements say the new numbers", () => {
  const { findings } = open(CUT, ZERO);
  const [before, open_] = [findings.views, findings.list.children];
  findings.look(1);
  const factors = [{ ...ZERO.factors[0], text: "−0.1" }, ZERO.factors[1]];
  findings.update([CUT, { ...ZERO, text: "Smaller.", factors }], "");
  assert.equal(findings.views, before);
  assert.deepEqual(findings.list.children, open_);
  assert.equal(findings.views[1].text.textContent, "Smaller.");
  assert.equal(findings.views[1].factors[0].textContent, "−0.1");
  assert.equal(findings.chosen.text, "Smaller.");
});

test("a screen reader hears how many there are and the first, once the hand rests", ({ mock }) => {
  const { findings } = open(CUT, ZERO);
  assert.equal(findings.status.textContent, "");
  mock.timers.tick(1000);
  assert.equal(findings.status.textContent, "2 findings. Line 2: x takes no gradient: <b>1</b>.");
});

test("lines that go, come and stay are told apart", () => {
  const signs = (before, after) => lineDiff(before, after).map(({ sign, text }) => sign + text);
  assert.deepEqual(signs(["a", "b", "c"], ["a", "x", "c"]), ["a", "−b", "+x", "c"]);
  assert.deepEqual(signs(["a", "b", "c"], ["c", "a", "b"]), ["+c", "a", "b", "−c"]);
  assert.deepEqual(signs([], ["a"]), ["+a"]);
  const many = Array.from({ length: 300 }, (_, i) => String(i));
  assert.deepEqual(signs(many, ["0"]), [...many.map((line) => `−${line}`), "+0"]);
});

test("a text takes another's place by the lines that differ", () => {
  const texts = ["a\nb\nc", "a\nx\nc", "a\nc", "a\nb", "a", "", "b\nc", "a\nb\nb\nc", "a\nb\nc\nd", "z\n"];
  for (const before of texts) {
    for (const after of texts.filter((text) => text !== before)) {
      const { start, end, text } = changedRange(before, after);
      assert.equal(before.slice(0, start) + text + before.slice(end), after, JSON.stringify([before, after]));
    }
  }
  assert.deepEqual(changedRange("a\nb\nc", "a\nx\nc"), { start: 2, end: 4, text: "x\n" });
});

test("where there is no program a line is only said, and one that is not known is not", () => {
  const findings = new Findings({ choose: () => {} });
  findings.update([CUT, { ...ZERO, line: null }], "");
  const [known, unknown] = findings.views.map(({ root }) => root.children[0].children);
  assert.deepEqual([known.length, known[1].localName, known[1].textContent], [2, "span", "line 2"]);
  assert.equal(unknown.length, 1);
});
