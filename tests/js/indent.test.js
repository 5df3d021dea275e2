// Enter and Backspace in a program.

import assert from "node:assert/strict";
import { test } from "node:test";
import { newLine, outdent } from "../../components/browser/editor/indent.js";

const end = (code) => newLine(code, code.length);

test("a new line is indented as the one before", () => {
  assert.equal(end("x = 1"), "\n");
  assert.equal(end("    x = 1"), "\n    ");
  assert.equal(newLine("    x = 1", 2), "\n  ");
});

test("a colon at the end begins a block", () => {
  assert.equal(end("def f(x):"), "\n    ");
  assert.equal(end("    if x:   # so"), "\n        ");
  assert.equal(newLine("if x: pass", 5), "\n    ");
});

test("a colon in a string or a comment does not", () => {
  assert.equal(end("x = 'a:'"), "\n");
  assert.equal(end("x = 1  # note:"), "\n");
  assert.equal(end('"""\ntext:'), "\n");
});

test("Backspace goes back to the stop before", () => {
  const before = (code) => outdent(code, code.length);
  assert.deepEqual(["        ", "      ", "    ", "  ", " ", "", "    x ", "x\n    ", "\t  "].map(before),
    [4, 2, 4, 2, 0, 0, 0, 4, 0]);
});
