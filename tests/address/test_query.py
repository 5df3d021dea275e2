"""Query strings: how they fall into parameters, and how much of them is read."""

from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st

from components.address.query import LONGEST, MOST, parse_query


def test_a_query_is_read_with_or_without_its_mark() -> None:
    assert parse_query("?w=2&b=") == parse_query("w=2&b=") == {"w": ["2"], "b": [""]}
    assert parse_query("") == parse_query("?") == {}


def test_repeated_names_keep_all_their_texts() -> None:
    assert parse_query("x=1&x=2&x=1") == {"x": ["1", "2", "1"]}


def test_texts_are_decoded() -> None:
    assert parse_query("a=1%2C5+x&b=%CC%81&c=%ff&d=%zz") == {"a": ["1,5 x"], "b": ["\u0301"], "c": ["�"], "d": ["%zz"]}


def test_what_no_page_writes_says_nothing() -> None:
    assert parse_query("&".join(f"p{i}=1" for i in range(MOST))).keys() == {f"p{i}" for i in range(MOST)}
    assert parse_query("&".join(f"p{i}=1" for i in range(MOST + 1))) == {}
    assert parse_query("x=" + "1" * (LONGEST - 2)) == {"x": ["1" * (LONGEST - 2)]}
    assert parse_query("x=" + "1" * (LONGEST - 1)) == {}


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    assert all(isinstance(name, str) and texts for name, texts in parse_query(text).items())


@given(st.dictionaries(st.text(min_size=1, max_size=9), st.lists(st.text(max_size=20), min_size=1, max_size=3)))
def test_what_is_encoded_is_decoded(parameters: dict[str, list[str]]) -> None:
    assert parse_query("?" + urlencode(parameters, doseq=True)) == parameters


def test_an_ampersand_that_a_mail_has_escaped_is_one() -> None:
    assert parse_query("x=2&amp;w=3&amp;amp;b=1") == {"x": ["2"], "w": ["3"], "b": ["1"]}
    assert parse_query("x=2&amp%3Bw=3&w=4") == {"x": ["2"], "w": ["3", "4"]}
    assert parse_query("code=a%26amp%3Bb") == {"code": ["a&amp;b"]}
