"""Python's operators, held to the budget where a small program makes a large value of them."""

import operator
from collections.abc import Callable
from string import Formatter
from typing import Any

from components.sandbox.budget import BITS, ENTRIES, MOST_BITS, MOST_ENTRIES, MOST_WIDTH, WIDTH, check_length
from components.sandbox.errors import LimitError

_SEQUENCES = (list, tuple, str, bytes)


def add(a: Any, b: Any) -> Any:
    """`a + b`."""
    if isinstance(a, _SEQUENCES) and isinstance(b, _SEQUENCES) and len(a) + len(b) > MOST_ENTRIES:
        raise LimitError(ENTRIES)
    return a + b


def mul(a: Any, b: Any) -> Any:
    """`a * b`."""
    if isinstance(a, int) and isinstance(b, int):
        _check_bits(a.bit_length() + b.bit_length())
    elif isinstance(a, _SEQUENCES) and isinstance(b, int):
        _check_entries(len(a) * b)
    elif isinstance(a, int) and isinstance(b, _SEQUENCES):
        _check_entries(a * len(b))
    return a * b


def power(a: Any, b: Any) -> Any:
    """`a ** b`."""
    if isinstance(a, int) and isinstance(b, int) and b > 0 and a.bit_length() > 1:
        _check_bits(a.bit_length() * b)
    return a**b


def lshift(a: Any, b: Any) -> Any:
    """`a << b`."""
    if isinstance(a, int) and isinstance(b, int) and b > 0:
        _check_bits(a.bit_length() + b)
    return a << b


def mod(a: Any, b: Any) -> Any:
    """`a % b`, of a text too."""
    if isinstance(a, str | bytes):
        text = a if isinstance(a, str) else a.decode("latin-1")
        check_widths(text[text.find("%") :], b if isinstance(b, tuple) else (b,))
        return checked(a % b)
    return a % b


def checked(value: Any) -> Any:
    """The same list or text, where it is not too long."""
    check_length(value)
    return value


def check_widths(form: str, values: tuple[Any, ...] = ()) -> None:
    """Raises LimitError where a format asks for too many places."""
    digits = ""
    for character in form + " ":
        if character.isdigit():
            digits += character
        else:
            if len(digits) > 9 or (digits and int(digits) > MOST_WIDTH):
                raise LimitError(WIDTH)
            digits = ""
    if ("*" in form or ":{" in form) and any(isinstance(value, int) and abs(value) > MOST_WIDTH for value in values):
        raise LimitError(WIDTH)


def fields_of(form: str) -> str:
    """A `str.format` text without what stands between its fields, where a number is no width."""
    try:
        fields = [(name, spec) for _, name, spec, _ in Formatter().parse(form) if name is not None]
    except ValueError:
        return form  # Python says what is wrong with it
    return " ".join([f"{{{name}:{spec}}}" for name, spec in fields])


def reaches_inside(form: str) -> bool:
    """Whether a field of a `str.format` text has a dot or a bracket, in its specification too."""
    try:
        fields = [(name or "", spec or "") for _, name, spec, _ in Formatter().parse(form)]
    except ValueError:
        return False  # Python says what is wrong with it
    return any("." in name or "[" in name or reaches_inside(spec) for name, spec in fields)


def _check_bits(bits: int) -> None:
    if bits > MOST_BITS:
        raise LimitError(BITS)


def _check_entries(entries: int) -> None:
    if entries > MOST_ENTRIES:
        raise LimitError(ENTRIES)


BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "add": add,
    "sub": operator.sub,
    "mul": mul,
    "truediv": operator.truediv,
    "floordiv": operator.floordiv,
    "mod": mod,
    "pow": power,
    "matmul": operator.matmul,
    "lshift": lshift,
    "rshift": operator.rshift,
    "or_": operator.or_,
    "xor": operator.xor,
    "and_": operator.and_,
}


def _grows(name: str, in_place: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """An in-place operator: of a number or text it is the plain one."""
    plain = BINARY[name]

    def apply(a: Any, b: Any) -> Any:
        if isinstance(a, int | float | complex | str | tuple | bytes):
            return plain(a, b)
        if isinstance(a, list):
            _check_entries(len(a) * b if isinstance(b, int) else len(a) + (len(b) if isinstance(b, _SEQUENCES) else 0))
        return in_place(a, b)

    return apply


IN_PLACE = {name: _grows(name, getattr(operator, "i" + name.rstrip("_"))) for name in BINARY}
"""`a += b` and its like, by the plain operator's name."""
