"""The browser's scripts: their own tests, run by the node that Playwright brings, and the linter."""

import json
import os
import subprocess
from pathlib import Path

import playwright
import pytest

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tests" / "js"
NODE = Path(playwright.__file__).parent / "driver" / ("node.exe" if os.name == "nt" else "node")
ESLINT = FOLDER / "node_modules" / "eslint" / "bin" / "eslint.js"

linted = pytest.mark.skipif(not ESLINT.exists(), reason="ESLint is not installed: tests/js/install, which needs npm")


def node(*arguments: str | Path, text: str = "") -> tuple[int, str]:
    """The exit status of node, and what it wrote."""
    command = [str(NODE), *map(str, arguments)]
    environment = os.environ | {"NO_COLOR": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, input=text, capture_output=True, encoding="utf-8", timeout=300, check=False
    )
    return done.returncode, done.stdout + done.stderr


def run_tests(path: Path) -> tuple[int, str]:
    return node("--experimental-vm-modules", "--no-warnings", "--test", path)


def lint(*arguments: str, text: str = "") -> tuple[int, str]:
    cache = ESLINT.parents[2] / ".cache" / "eslint"
    return node(
        ESLINT, f"--config={FOLDER / 'eslint.config.js'}", "--cache", f"--cache-location={cache}", *arguments, text=text
    )


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.test.js")), ids=lambda path: path.name)
def test_scripts_do_what_their_tests_say(path: Path) -> None:
    status, report = run_tests(path)
    assert status == 0, report


def test_a_test_that_fails_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "broken.test.mjs"
    path.write_text('import { test } from "node:test";\ntest("broken", () => { throw new Error(); });\n', "utf-8")
    assert run_tests(path)[0] != 0


@linted
def test_the_linter_finds_nothing() -> None:
    status, report = lint("components", "tests/js")
    assert status == 0, report


BAD = """\
import { element } from "./dom.js";
let count = 1;
export const words = 'single';
await long();
export const isOne = (text) => text == count || gone || eval(text);
export function long() {
%s}
%s
"""


@linted
def test_the_linter_notices() -> None:
    script = BAD % ("  long();\n" * 40 + f"  // {'a' * 120}\n", "\n" * 350)
    status, report = lint("--stdin", "--stdin-filename=components/browser/shell/new.js", "--format=json", text=script)
    assert status == 1
    assert {message["ruleId"] for message in json.loads(report)[0]["messages"]} == {
        "eqeqeq",
        "max-lines",
        "max-lines-per-function",
        "no-eval",
        "no-restricted-syntax",
        "no-undef",
        "no-unused-vars",
        "prefer-const",
        "@stylistic/max-len",
        "@stylistic/quotes",
    }


def test_the_lock_file_names_versions_and_no_hosts() -> None:
    packages = json.loads((FOLDER / "package-lock.json").read_text("utf-8"))["packages"]
    del packages[""]  # the folder itself
    assert len(packages) > 20
    assert [name for name, package in packages.items() if "resolved" in package or "integrity" not in package] == []
