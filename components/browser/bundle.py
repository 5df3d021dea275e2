"""All scripts in one file, and all style sheets in another: a browser fetches six files at a time, and these are forty.

Each module becomes a function that runs when it is first imported and gives its exports. Only what our own scripts use
is understood: imports of relative paths, exports of declarations, `import()` and `import.meta.url`; anything else is
an error. The modules must not import one another in a circle.
"""

import json
import posixpath
import re
from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter
from typing import Final

_RUNTIME: Final = """\
const $root = new URL(".", import.meta.url).href;
const $loaded = new Map();

function $load(name) {
  if (!$loaded.has(name)) $loaded.set(name, $modules[name]($root + name));
  return $loaded.get(name);
}

async function $import(base, path) {
  const address = new URL(path, base).href;
  const name = address.startsWith($root) ? address.slice($root.length) : "";
  return Object.hasOwn($modules, name) ? $load(name) : import(address);
}
"""

_STATEMENT: Final = re.compile(r"^(?:import|export)\b(?!\s*\()", re.MULTILINE)
_IMPORT: Final = re.compile(r"""import\s+(?:(?P<names>[\w$\s{},*]+?)\s+from\s+)?"(?P<path>[^"\n]+)";""")
_REEXPORT: Final = re.compile(r"""export\s+\{(?P<names>[\w$\s,]*)\}\s+from\s+"(?P<path>[^"\n]+)";""")
_EXPORT_LIST: Final = re.compile(r"export\s+\{(?P<names>[\w$\s,]*)\};")
_DECLARATION: Final = re.compile(
    r"export\s+(?P<default>default\s+)?(?=(?:async\s+)?(?:function|class)\b\s*\*?\s*(?P<name>[\w$]+)\s*(?:\(|\{|extends\b))"
)
_CONSTANT: Final = re.compile(r"export\s+(?=const\s+(?P<name>[\w$]+)\s*=)")
_PIXELS: Final = re.compile(r"(?P<media>@media[^{]*)|(?<![\w.])(?P<number>\d*\.?\d+)px\b")
_DEFAULT: Final = re.compile(r"export\s+default\s+(?!(?:async\s+)?(?:function|class)\b\s*[\w$])")


ROOT_PX: Final = 16
"""The usual size of the root's type, which is a rem."""
DRAWN: Final = "drawing.css"
"""The name of sheets whose pixels are units of a drawing, which a view box brings to its size."""


class BundleError(ValueError):
    """A script uses something that the bundle does not understand."""


class Module:
    """One script, rewritten as the body of a function."""

    def __init__(self, name: str, source: str) -> None:
        self.name = name
        self.imports: list[str] = []
        self._exports: dict[str, str] = {}
        for reserved in ("$root", "$loaded", "$load", "$modules", "$import", "$default", "$url"):
            if reserved in source:
                raise BundleError(f"{name}: {reserved} is a name of the bundle")
        self._body = self._rewrite(source)

    def function(self) -> str:
        """The module as a property of an object: its name, and a function of its address that gives its exports."""
        exports = ", ".join(f"{outside}: {inside}" for outside, inside in self._exports.items())
        return f"{json.dumps(self.name)}($url) {{\n{self._body.rstrip()}\nreturn {{ {exports} }};\n}},\n"

    def _rewrite(self, source: str) -> str:
        parts, end = [], 0
        for found in _STATEMENT.finditer(source):
            if found.start() >= end:
                replaced, next_end = self._statement(source, found.start())
                parts += [source[end : found.start()], replaced]
                end = next_end
        text = "".join([*parts, source[end:]])
        return re.sub(r"\bimport\s*\(", "$import($url, ", text.replace("import.meta.url", "$url"))

    def _statement(self, source: str, start: int) -> tuple[str, int]:
        """What stands in the place of the import or export that begins here, and where it ends."""
        if found := _IMPORT.match(source, start):
            return self._bind(found["names"], found["path"]), found.end()
        if found := _REEXPORT.match(source, start):
            return self._reexport(found["names"], found["path"]), found.end()
        if found := _EXPORT_LIST.match(source, start):
            self._exports |= {outside: inside for inside, outside in _pairs(found["names"])}
            return "", found.end()
        if found := _DECLARATION.match(source, start):
            self._exports["default" if found["default"] else found["name"]] = found["name"]
            return "", found.end()
        if found := _CONSTANT.match(source, start):
            self._exports[found["name"]] = found["name"]
            return "", found.end()
        if found := _DEFAULT.match(source, start):
            self._exports["default"] = "$default"
            return "const $default = ", found.end()
        raise BundleError(f"{self.name}: {source[start:].partition(chr(10))[0]}")

    def _bind(self, names: str | None, path: str) -> str:
        """The constants that an import makes."""
        load = self._load(path)
        if names is None:
            return f"{load};"
        if found := re.fullmatch(r"\*\s+as\s+([\w$]+)", names):
            return f"const {found[1]} = {load};"
        found = re.fullmatch(r"(?:([\w$]+))?[\s,]*(?:\{([^{}*]*)\})?", names)
        if not found:
            raise BundleError(f"{self.name}: import {names}")
        bound = [("default", found[1])] if found[1] else []
        bound += _pairs(found[2] or "")
        return f"const {{ {', '.join(f'{outside}: {inside}' for outside, inside in bound)} }} = {load};"

    def _reexport(self, names: str, path: str) -> str:
        load = self._load(path)
        self._exports |= {outside: f"{load}.{inside}" for inside, outside in _pairs(names)}
        return ""

    def _load(self, path: str) -> str:
        if not path.startswith(("./", "../")):
            raise BundleError(f"{self.name}: {path} is no relative path")
        name = posixpath.normpath(posixpath.join(posixpath.dirname(self.name), path))
        self.imports.append(name)
        return f"$load({json.dumps(name)})"


def _pairs(names: str) -> list[tuple[str, str]]:
    """`a, b as c` as pairs of names."""
    parts = [part.split(" as ") for part in names.split(",") if part.strip()]
    return [(part[0].strip(), part[-1].strip()) for part in parts]


def scripts(sources: Mapping[str, str], entry: str) -> str:
    """One module with all of `sources` (by path) in it; its default export is that of `entry`."""
    modules = [Module(name, source) for name, source in sources.items()]
    for module in modules:
        for name in set(module.imports) - sources.keys():
            raise BundleError(f"{module.name}: {name} is not there")
    tuple(TopologicalSorter({module.name: module.imports for module in modules}).static_order())
    functions = "".join(module.function() for module in modules)
    exports = f"export default $load({json.dumps(entry)}).default;\nexport {{ $load as load }};\n"
    return f"const $modules = {{\n{functions}}};\n{_RUNTIME}\n{exports}"


def styles(sheets: Iterable[tuple[str, str]]) -> str:
    """One style sheet of several, in their order; a larger type enlarges all of it but what is drawn."""
    parts = []
    for name, sheet in sheets:
        if re.search(r"@import|@charset|url\((?![\"']?(?:data:|#))", sheet):
            raise BundleError(f"{name}: a style sheet of ours stands for itself")
        text = sheet if posixpath.basename(name) == DRAWN else _relative(sheet)
        parts.append(f"/* {name} */\n{text.rstrip()}\n")
    return "\n".join(parts)


def _relative(sheet: str) -> str:
    """A sheet whose pixels grow with the root's type; those of a window's width and height stay."""
    return _PIXELS.sub(lambda found: found["media"] or f"{float(found['number']) / ROOT_PX:g}rem", sheet)
