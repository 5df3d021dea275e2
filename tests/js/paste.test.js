// What was pasted, as a program.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanUp } from "../../components/browser/editor/paste.js";
import { linesOf, partsOf } from "../../components/browser/editor/source_parts.js";

const notebook = (...cells) => JSON.stringify({ cells, metadata: {}, nbformat: 4 });
const cell = (source, cell_type = "code") => ({ cell_type, source });
const MANY_CALLS = `optimizer.zero_grad()

loss.backward()

# then
step(x=1)

y, z = f()

for i in x:
    i

x.grad`;

/** What was pasted, the program that it is, and what is said of it. */
const CASES = {
  "a block of Markdown": ["```python\nx = 1\n```\n", "x = 1", /^Markdown fences were removed/],
  "an answer with two blocks": [
    "Don't do that:\n\n```py\nx = 1\n```\nbut\n~~~\ny = 2\n~~~\n", "x = 1\ny = 2",
    /Only the code/,
  ],
  "a fence that was not closed": ["```\nx = 1", "x = 1", /fences/],
  "a fence that was not opened": ["x = 1\n```", "x = 1", /fences/],
  "a fence in a longer one": ["````\ns = '''\n```\n'''\n````", "s = '''\n```\n'''", /fences/],
  "a transcript": [
    ">>> x = 1\n>>> for i in x:\n...     print(i)\n... \n1\n>>> x\n1", "x = 1\nfor i in x:\n    print(i)\n\nx",
    /prompts/,
  ],
  "an indented transcript in a block": ["```\n    >>> x = 1\n    1\n```", "x = 1", /prompts/],
  "IPython's transcript": [
    "In [1]: x = 1\n\nIn [2]: def f():\n   ...:     return 2\n   ...: \n\nIn [3]: f()\nOut[3]: 2\n",
    "x = 1\n\ndef f():\n    return 2\n\nf()",
    /prompts/,
  ],
  "cells of a page": ["In [1]:\nx = 1\ny = 2\nOut[1]:\n3\nIn [2]:\nx\n", "x = 1\ny = 2\n\nx", /prompts/],
  "cells of a page with what they have shown": [
    ["In [1]:\nx = 1.0\nx\n\n1.0\n\n# Title\nprose\n", "In [2]:\nprint(f'x: {x}')\n\nx: 1.0\n\n",
      "In [3]:\nt\n\ntensor(1.)\n", "In [4]:\nm\n\nNet(\n  (a): b\n)\n"].join("\n"),
    "x = 1.0\nx\n\nprint(f'x: {x}')\n\nt\n\nm",
    /prompts/,
  ],
  "code below a call in a cell of a page": [
    `In [1]:\n${MANY_CALLS}\n\n2.0\n`, MANY_CALLS,
    /prompts/,
  ],
  "a name for what a command gives": [
    "files = !ls *.pt\nx = %timeit f()\ny = 3 % f", "# files = !ls *.pt\n# x = %timeit f()\ny = 3 % f",
    /only a notebook/,
  ],
  "a notebook": [
    notebook(cell("# Title", "markdown"), cell(["a = 1\n", "b = 2"]), cell("b")), "a = 1\nb = 2\n\nb",
    /notebook/,
  ],
  "an old notebook": [
    JSON.stringify({ worksheets: [{ cells: [{ cell_type: "code", input: ["a\n", "b"] }] }] }), "a\nb",
    /notebook/,
  ],
  "tabs": ["if x:\n\ty = 1\t# tab\n  \tz", "if x:\n    y = 1    # tab\n    z", /Tabs/],
  "typographic quotes": [
    "print(“it’s”, ‘a’, “# no comment”, „x“)", 'print("it’s", \'a\', "# no comment", "x")',
    /quotes/,
  ],
  "typographic quotes around plain ones": ["print(“say \"no\"”)", "print('say \"no\"')", /quotes/],
  "three typographic quotes": ["“““A doc\nof “two” lines”””\nx", '"""A doc\nof “two” lines"""\nx', /quotes/],
  "full-width characters": ["print（x，１）＃ 好", "print(x,1)# 好", /Full-width/],
  "dashes": ["x = −1 – 2", "x = -1 - 2", /Dashes/],
  "unusual spaces": ["x\u00a0=\u30001", "x = 1", /spaces/],
  "unseen characters": ["\ufeffx\u200b = 1", "x = 1", /Invisible/],
  "other line ends": ["x = 1\r\ny = 2\u2028z = 3\rw", "x = 1\ny = 2\nz = 3\nw", /Line ends/],
  "shared indentation": [
    "    x = 1\n\n  # note\n    if x:\n        y = '''\n  a'''", "x = 1\n\n# note\nif x:\n    y = '''\n  a'''",
    /indentation/,
  ],
  "magics": [
    "%matplotlib inline\n!pip install torch\n%%time\n  !ls\ntorch.sum?\nx = 1",
    "# %matplotlib inline\n# !pip install torch\n# %%time\n  # !ls\n# torch.sum?\nx = 1",
    /%matplotlib, !pip, %%time, !ls, torch.sum\?/,
  ],
};

const UNTOUCHED = {
  "nothing": "",
  "a program":
    "import torch\n\nx = torch.tensor([1.0])  # it's “so” – fine\nif x > 0:\n    x.sum().backward()\n",
  "what strings say":
    "a = '“so” （full） − \u00a0\u200b\u2028 \t'\nb = \"\"\"\n```python\n>>> x\n%magic\n\ttab\n\"\"\"\n",
  "a formatted string": "print(f\"“{x}”：{y!r}\", r'\\d“\\'”')",
  "a remainder in brackets": "x = (a\n% b)\ny = a \\\n% b\n",
  "an ellipsis": "def f(x):\n    ...\n",
  "a dict": '{"cells": [{"kind": 1}]}\n',
  "prose": "this is no program, it’s a “note",
  "an annotation": "x = 1\nIn[3]: int\n",
  "an open quote": "x = “abc\ny = 1",
  "blank lines": "\n\n  \n",
};

for (const [name, [pasted, program, said]] of Object.entries(CASES)) {
  test(`${name}: cleaned, and said`, () => {
    const { text, changes } = cleanUp(pasted);
    assert.equal(text, program);
    assert.match(changes.join(" "), said);
    assert.deepEqual(cleanUp(text), { text, changes: [] });
  });
}

for (const [name, text] of Object.entries(UNTOUCHED)) {
  test(`${name}: left as it is`, () => assert.deepEqual(cleanUp(text), { text, changes: [] }));
}

test("a notebook is a program at once", () => {
  const source = ["%matplotlib inline\n", "import torch\r\n", "x = torch.tensor(“1”)"];
  const { text, changes } = cleanUp(notebook(cell(source), cell("```", "markdown"), cell("!ls")));
  assert.equal(text, "# %matplotlib inline\nimport torch\nx = torch.tensor(\"1\")\n\n# !ls");
  assert.equal(changes.length, 4);
});

test("parts are strings, comments and code, and lines know what they belong to", () => {
  const source = "x = 'a # b' # 'c'\ny = '''\n#\n''' + f(\n1)";
  const apart = partsOf(source).filter(({ kind }) => kind !== "code").map(({ text }) => text);
  assert.deepEqual(apart, ["'a # b'", "# 'c'", "'''\n#\n'''"]);
  assert.equal(partsOf(source).map(({ text }) => text).join(""), source);
  const lines = linesOf(source).map(({ isInside, isContinued }) => `${Number(isInside)}${Number(isContinued)}`);
  assert.deepEqual(lines, ["00", "00", "10", "10", "01"]);
});

test("a long text is cleaned at once", () => {
  const { text } = cleanUp("print(“x”)\t# it’s\r\n".repeat(10_000));
  assert.equal(text.split("\n")[9_999], 'print("x")    # it’s');
});
