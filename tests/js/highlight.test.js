// The colours of a program.

import assert from "node:assert/strict";
import { test } from "node:test";
import { highlight } from "../../components/browser/editor/highlight.js";

/** The pieces of a line that have a kind, as "kind:text". */
function coloured(code) {
  return highlight(code).flat().filter(([kind]) => kind).map((piece) => piece.join(":"));
}

test("nothing is lost, and every line is there", () => {
  const code = "a = 1\n\n\tb = '''x\ny''' # end\r\n\u{1F600} = f\"{a:{b}}\n\\";
  assert.equal(highlight(code).map((line) => line.map(([, text]) => text).join("")).join("\n"), code);
  assert.deepEqual(highlight(""), [[]]);
});

test("keywords, builtins, numbers, comments", () => {
  assert.deepEqual(coloured("for i in range(10): pass  # go on"),
    ["keyword:for", "keyword:in", "builtin:range", "number:10", "keyword:pass", "comment:# go on"]);
  assert.deepEqual(coloured("x.sum() + sum(y) - forward"), ["builtin:sum"]);
  assert.deepEqual(coloured("1_000 0x1F 1e-3 .5 3. 2j x1 1if"),
    ["number:1_000", "number:0x1F", "number:1e-3", "number:.5", "number:3.", "number:2j", "number:1", "keyword:if"]);
});

test("names of torch under each of its names", () => {
  assert.deepEqual(coloured("torch.nn.Linear(2).weight"), ["torch:torch", "torch:nn", "torch:Linear", "number:2"]);
  const code = "import torch.nn.functional as F\nfrom torch import optim, tensor as T\nF.relu(T(1)); optim.SGD; f.a";
  const last = highlight(code)[2].filter(([kind]) => kind === "torch").map(([, text]) => text);
  assert.deepEqual(last, ["F", "relu", "T", "optim", "SGD"]);
});

test("strings end at their quote, at the line's end, or three quotes on", () => {
  assert.deepEqual(coloured("'it\\'s' \"#\" r'\\'"), ["string:'it\\'s'", 'string:"#"', "string:r'\\'"]);
  assert.deepEqual(coloured("'open\nx = 1"), ["string:'open", "number:1"]);
  const lines = ['"""one', 'two " # 1', '"""'];
  assert.deepEqual(coloured(`${lines.join("\n")}\n2`), [...lines.map((line) => `string:${line}`), "number:2"]);
});

test("fields of formatted strings are code, and how they are written is not", () => {
  assert.deepEqual(coloured('f"a {x + 1:.3f} {{no}} {len(s)!r}"'),
    ['string:f"a {', "number:1", "string::.3f} {{no}} {", "builtin:len", 'string:}"']);
  assert.deepEqual(coloured('f"{d["'), ['string:f"{', 'string:"']);
  assert.deepEqual(coloured("f'{x:{2}}' 3"), ["string:f'{", "string::{", "number:2", "string:}}'", "number:3"]);
  assert.deepEqual(coloured("'{1}'"), ["string:'{1}'"]);
});

test("decorators stand at a line's beginning, a product anywhere", () => {
  assert.deepEqual(coloured("    @torch.no_grad()\na @ b"), ["decorator:@torch.no_grad"]);
});

test("a long program is read at once", () => {
  const code = 'x = torch.tensor(1.0) # "\n'.repeat(20_000);
  assert.equal(highlight(code).length, 20_001);
});
