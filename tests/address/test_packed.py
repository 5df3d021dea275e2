"""A program in an address: there and back, and what is no program."""

import base64
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.address.packed import LONGEST_LINK, LONGEST_TEXT, Index, Packed, PackedError, pack, plain, unpack

CODE = Packed("code")


@given(st.text())
def test_a_text_is_the_same_after_it_has_travelled(text: str) -> None:
    said = plain(text)
    assert unpack(pack(said)) == said
    assert CODE.read(CODE.spell(said)) == (said, "")


def test_it_is_raw_deflate_in_base64url_without_padding() -> None:
    text = "x = 'é'\n" * 40
    packed = pack(text)
    assert "=" not in packed
    assert zlib.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)), -15).decode() == text


BOMB = base64.urlsafe_b64encode(zlib.compress(b"a" * 10**7, 9)[2:-4]).rstrip(b"=").decode()
BAD = {
    "nothing": "",
    "no base64": "a b!c",
    "no deflate": "AAAA",
    "cut off": pack("x = 1\n" * 9)[:-4],
    "too long a link": "A" * (LONGEST_LINK + 1),
    "too long a text": BOMB[:LONGEST_LINK] if len(BOMB) > LONGEST_LINK else BOMB,
    "no text": base64.urlsafe_b64encode(zlib.compress(b"\xff\xfe", 9)[2:-4]).decode().rstrip("="),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_unpacked_is_left_out_and_said(name: str) -> None:
    with pytest.raises(PackedError):
        unpack(BAD[name])
    value, notice = CODE.read(BAD[name])
    assert value is None
    assert notice.startswith("code = ")
    assert len(notice) < 140


def test_a_program_that_is_too_long_for_a_link_is_not_written() -> None:
    letters = random.Random(1)
    long = "".join(letters.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(12_000))
    assert CODE.is_default(long)
    assert not CODE.is_default("x = 1\n")
    assert CODE.is_default(None)


def test_an_event_says_a_text_or_nothing() -> None:
    assert CODE.take("a\r\nb\rc\ud800", "old") == ("a\nb\nc\ufffd", "")
    assert CODE.take(None, "old") == (None, "")
    assert CODE.take(3, "old") == ("old", "")
    value, notice = CODE.take("é" * LONGEST_TEXT, "old")
    assert (value, notice.endswith("is kept.")) == ("old", True)


def test_a_place_is_a_whole_number_that_is_not_too_large() -> None:
    place = Index("moment", 199)
    assert place.read("0") == (0, "")
    assert place.read("999") == (199, "")
    for strange in ("-1", "1.5", "", "٣", "9" * 9):
        value, notice = place.read(strange)
        assert (value, notice.startswith("moment = ")) == (None, True)
    assert place.take(True, 3) == (3, "")
    assert place.take(7, None) == (7, "")
    assert place.take(None, 3) == (None, "")
    assert place.take(200, 3) == (3, "")
