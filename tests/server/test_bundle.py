"""All scripts in one: each module gives what it gives by itself, and what is not understood is an error."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import playwright
import pytest

from components.browser import assets, bundle

NODE = shutil.which("node") or str(Path(playwright.__file__).parent / "driver" / "node")
"""Playwright brings one where the system has none."""

STUB = """
const stub = new Proxy(function () {}, {
  get: (target, key) => (key === Symbol.toPrimitive ? () => "" : stub), apply: () => stub, construct: () => stub,
});
for (const name of ["document", "window", "location", "history", "localStorage", "sessionStorage", "customElements",
  "matchMedia", "addEventListener", "requestAnimationFrame", "ResizeObserver", "IntersectionObserver", "HTMLElement"])
  Object.defineProperty(globalThis, name, { value: stub, configurable: true });
"""
"""A browser that takes everything and does nothing."""


def run(folder: Path, script: str) -> Any:
    """What a module prints, as JSON."""
    (folder / "test.mjs").write_text(script)
    done = subprocess.run([NODE, "test.mjs"], cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def bundled(folder: Path, sources: Mapping[str, str], expression: str = "await app.default()") -> Any:
    """What the entry `main.js` of a bundle gives; `app` is the bundle."""
    (folder / "app.mjs").write_text(bundle.scripts(sources, "main.js"))
    return run(folder, f'import * as app from "./app.mjs"; console.log(JSON.stringify({expression}));')


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        ("export function f() { return 1; }", 'import { f } from "./a.js";'),
        ("export async function* f() {}", 'import { f } from "./a.js";'),
        ("export class f {}", 'import { f as g } from "./a.js"; const f = g;'),
        ("export const f = 1;", 'import {\n  f,\n} from "./a.js";'),
        ("const g = 1;\nexport { g as f };", 'import { f } from "./a.js";'),
        ("const g = 1;\nconst f = 2;\nexport { g, f };", 'import { g, f } from "./a.js";'),
        ("export default class f extends Object {}", 'import f from "./a.js";'),
        ("export default function f() {}", 'import f from "./a.js";'),
        ("export default class { x = 1 }", 'import f from "./a.js";'),
        ("export default async () => 1;", 'import f from "./a.js";'),
        ("export default { a: 1 };\nexport const g = 2;", 'import f, { g } from "./a.js";'),
        ("export const g = 1;", 'import * as f from "./a.js";'),
        ('export { default as f } from "./sub/b.js";', 'import { f } from "./a.js";'),
    ],
)
def test_imports_and_exports_bind_as_in_modules(tmp_path: Path, source: str, statement: str) -> None:
    main = f"{statement}\nexport default () => [typeof f, Object.keys(f), f.name];"
    sources = {"main.js": main, "a.js": source, "sub/b.js": "export default function g() {}"}
    for name, text in sources.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    by_itself = run(tmp_path, 'import main from "./main.js"; console.log(JSON.stringify(main()));')
    assert by_itself[0] != "undefined"
    assert bundled(tmp_path, sources)[:2] == by_itself[:2]


def test_a_module_runs_once_and_only_when_it_is_needed(tmp_path: Path) -> None:
    sources = {
        "main.js": 'import "./a.js";\nimport { log } from "./log.js";\nimport "./b.js";\nexport default () => log;',
        "a.js": 'import { log } from "./log.js";\nlog.push("a");',
        "b.js": 'import "./a.js";\nimport { log } from "./log.js";\nlog.push("b");',
        "never.js": 'import { log } from "./log.js";\nlog.push("never");',
        "log.js": "export const log = [];",
    }
    assert bundled(tmp_path, sources) == ["a", "b"]


def test_a_module_that_is_imported_later_is_the_one_in_the_bundle(tmp_path: Path) -> None:
    sources = {
        "main.js": 'import { log } from "./log.js";\nexport default async () => {\n'
        '  for (const name of ["view", "view"]) (await import(`./pages/${name}.js`)).default();\n  return log;\n};',
        "pages/view.js": 'import { log } from "../log.js";\nexport default () => log.push("view");',
        "log.js": "export const log = [];",
    }
    assert bundled(tmp_path, sources) == ["view", "view"]


def test_other_modules_can_still_be_imported(tmp_path: Path) -> None:
    (tmp_path / "outside.mjs").write_text("export default 7;")
    sources = {"main.js": 'export default async () => (await import("./outside.mjs")).default;'}
    assert bundled(tmp_path, sources) == 7


def test_a_module_knows_its_own_address(tmp_path: Path) -> None:
    sources = {
        "main.js": 'import { address } from "./sub/a.js";\nexport default () => address;',
        "sub/a.js": 'export const address = new URL("../plotly.js", import.meta.url).href;',
    }
    assert bundled(tmp_path, sources) == (tmp_path / "plotly.js").as_uri()


@pytest.mark.parametrize(
    "source",
    [
        'import { a } from "react";',
        'import { a } from "https://example.org/a.js";',
        'import { a } from "/a.js";',
        'import { a } from "./missing.js";',
        'import a, * as b from "./a.js";',
        'import "./main.js";',
        'export * from "./a.js";',
        "export let a = 1;",
        "export const { a } = {};",
        "export default class extends Object {}",
        "const $load = 1;",
    ],
)
def test_what_is_not_understood_is_an_error(source: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        bundle.scripts({"main.js": source, "a.js": ""}, "main.js")


def test_style_sheets_keep_their_order() -> None:
    assert bundle.styles([("b.css", "p { }\n"), ("a.css", "q { }")]) == "/* b.css */\np { }\n\n/* a.css */\nq { }\n"


def test_lengths_follow_the_type_but_for_limits_of_a_window_and_a_drawings_own_units() -> None:
    sheet = "@media (max-width: 860px) { p { width: calc(100vh - 38px); margin: -2px 8px; top: 33pt } }"
    sheet += "@container (min-width: 640px) { q { top: 0px } }"
    followed = "@media (max-width: 860px) { p { width: calc(100vh - 2.375rem); margin: -0.125rem 0.5rem; top: 33pt } }"
    followed += "@container (min-width: 40rem) { q { top: 0rem } }"
    assert bundle.styles([("a/page.css", sheet)]) == f"/* a/page.css */\n{followed}\n"
    assert bundle.styles([("a/drawing.css", sheet)]) == f"/* a/drawing.css */\n{sheet}\n"


@pytest.mark.parametrize("sheet", ['@import "a.css";', "p { background: url(a.png) }", '@charset "utf-8";'])
def test_a_style_sheet_may_not_need_its_own_address(sheet: str) -> None:
    with pytest.raises(bundle.BundleError):
        bundle.styles([("a.css", sheet)])


def test_our_scripts_give_the_same_in_the_bundle_as_by_themselves(tmp_path: Path) -> None:
    scripts = {name: content for name, content in assets.files().items() if name.endswith(".js")}
    for name, content in scripts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "stub.js").write_text(STUB)
    names = json.dumps([name for name in scripts if name != assets.SCRIPT])
    alone, together = run(
        tmp_path,
        f"""import "./stub.js";
        const app = await import("./{assets.SCRIPT}");
        const kinds = (module) => Object.entries(module).map(([name, one]) => [name, typeof one, one?.name]).sort();
        const both = [{{}}, {{}}];
        for (const name of {names}) {{
          both[0][name] = kinds(await import("./" + name));
          both[1][name] = kinds(await app.load(name));
        }}
        console.log(JSON.stringify(both));""",
    )
    assert len(alone) == len(scripts) - 1
    assert together == alone
