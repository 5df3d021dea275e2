"""The message to the browser, taken apart as the browser does it."""

import json
import math
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.live.message import encode

leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
json_values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=10
)


def decode(message: bytes) -> tuple[dict[str, Any], tuple[float, ...]]:
    (length,) = struct.unpack_from("<I", message)
    rows = message[4 + length :]
    return json.loads(message[4 : 4 + length]), struct.unpack(f"<{len(rows) // 4}f", rows)


@pytest.mark.parametrize("rows", [(1.5,), (0.0, -2.0, math.inf)])
@pytest.mark.parametrize("message", [{}, {"seq": 1}, {"seq": 12}, {"a": "−ŷ“∞”"}, {"nested": [{"b": [1.5, None]}]}])
def test_a_message_decodes_to_what_was_said(message: dict[str, Any], rows: tuple[float, ...]) -> None:
    sent = encode(message, {"a": struct.pack(f"<{len(rows)}f", *rows)})
    assert decode(sent) == (message | {"arrays": [["a", len(rows)]]}, rows)


def test_arrays_keep_their_names_and_their_order() -> None:
    fields, rows = decode(encode({}, {"w.loss": struct.pack("<2f", 1, 2), "b.loss": struct.pack("<f", 3)}))
    assert (fields["arrays"], rows) == ([["w.loss", 2], ["b.loss", 1]], (1.0, 2.0, 3.0))


def test_arrays_may_be_left_out() -> None:
    assert encode({}) == encode({}, {}) == struct.pack("<I", 4) + b"{}  "


@given(st.dictionaries(st.text(), json_values, max_size=4))
def test_rows_begin_where_float32_may(message: dict[str, Any]) -> None:
    sent = encode(message, {"rows": b"rows"})
    (length,) = struct.unpack_from("<I", sent)
    assert length % 4 == 0
    assert sent[4 + length :] == b"rows"
    assert json.loads(sent[4 : 4 + length]) == {**message, "arrays": [["rows", 1]]}


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_json_cannot_say_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        encode({"loss": number})


def test_nan_travels_among_the_rows() -> None:
    _, rows = decode(encode({}, {"a": struct.pack("<f", math.nan)}))
    assert math.isnan(rows[0])


def test_nothing_is_spent_on_spaces() -> None:
    assert encode({"a": [1, 2], "b": 3})[4:].rstrip() == b'{"a":[1,2],"b":3}'
