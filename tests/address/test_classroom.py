"""How a page is shown to a class, as an address says it; what is corrected, and what is said about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.address.classroom import ASKED, IMPLIED, PARTS, PREDICTABLE, ROOM, TOUR, Classroom, read_classroom


@pytest.mark.parametrize(
    ("address", "room"),
    [
        ({}, Classroom()),
        ({"present": ["1"]}, Classroom(present=True)),
        ({"present": ["0"]}, Classroom()),
        ({"hide": ["lesson"]}, Classroom(named=("lesson",), hidden=frozenset({"lesson"}))),
        (
            {"hide": [" sliders , lesson ,"]},
            Classroom(named=("sliders", "lesson"), hidden=frozenset({"sliders", "lesson"})),
        ),
        ({"hide": ["numbers,numbers"]}, Classroom(named=("numbers",), hidden=frozenset({"numbers", "gradients"}))),
        ({"tour": ["1"]}, Classroom(tour="1")),
        ({"tour": [str(len(TOUR))]}, Classroom(tour=str(len(TOUR)))),
        ({"tour": ["off"]}, Classroom(tour="off")),
    ],
)
def test_a_room_is_read(address: dict[str, list[str]], room: Classroom) -> None:
    assert read_classroom(address) == (room, ())


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ({"present": ["yes"]}, "present = “yes” is neither 0 nor 1; the page is not projected."),
        ({"present": ["1", "1"]}, "present is given 2 times; it is left out."),
        ({"hide": ["curves", "lesson"]}, "hide is given 2 times; it is left out."),
        ({"hide": ["cruves"]}, "hide = “cruves” is no part of a page; it is left out."),
        ({"hide": ["a,b,a,c"]}, "hide = “a” (and 2 more) is no part of a page; it is left out."),
        ({"hide": ["<b>\n" + "x" * 99]}, "hide = “<b>�xxxxxxxxxxxxxxxxxxx…” is no part of a page; it is left out."),
        ({"tour": ["0"]}, "tour = “0” is neither off nor a stop from 1 to 8; no tour is shown."),
        ({"tour": ["9"]}, "tour = “9” is neither off nor a stop from 1 to 8; no tour is shown."),
        ({"tour": ["²"]}, "tour = “²” is neither off nor a stop from 1 to 8; no tour is shown."),
        ({"tour": ["1", "2"]}, "tour is given 2 times; it is left out."),
        ({"show": ["graph"]}, "show = “graph” is no part of a page; it is left out."),
    ],
)
def test_what_a_room_cannot_be_is_said_once(address: dict[str, list[str]], said: str) -> None:
    assert read_classroom(address) == (Classroom(), (said,))


def test_an_unknown_name_does_not_uncover_the_known_ones() -> None:
    room, notices = read_classroom({"hide": ["answers,nonsense"]})
    assert room.hidden >= {"answers", "gradients", "curves", "by-hand", "opinions"}
    assert len(notices) == 1


@pytest.mark.parametrize(
    ("show", "hide", "hidden"), [("", "", True), ("lesson", "", False), ("lesson", "lesson", True)]
)
def test_an_embedded_page_has_its_lesson_where_asked(show: str, hide: str, hidden: bool) -> None:
    room, notices = read_classroom({"show": [show], "hide": [hide]}, embedded=True)
    assert (("lesson" in room.hidden), room.embedded, notices) == (hidden, True, ())


@given(st.dictionaries(st.sampled_from(ROOM), st.lists(st.text(max_size=40), max_size=3)), st.booleans())
def test_no_address_breaks_a_room(address: dict[str, list[str]], embedded: bool) -> None:
    room, notices = read_classroom(address, embedded)
    assert room.hidden <= PARTS.keys()
    assert set(room.named) <= room.hidden
    assert all(len(notice) < 120 and notice.isprintable() for notice in notices)


def test_what_goes_with_a_part_is_a_part_and_goes_all_the_way() -> None:
    assert IMPLIED.keys() <= PARTS.keys()
    for along in IMPLIED.values():
        assert set(along) <= PARTS.keys()
        assert all(set(IMPLIED.get(name, ())) <= set(along) for name in along)


def test_all_that_can_be_predicted_has_its_symbol() -> None:
    assert {name for of in ASKED.values() for name in of} == set(PREDICTABLE)
