"""How a page is shown to a class, as an address says it; what is corrected, and what is said about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.address.classroom import ONLY_ON_REQUEST, PARAMETERS, Classroom, Vocabulary
from components.address.classroom import read_classroom as read
from components.pages.index import PAGES, VOCABULARY


def read_classroom(address: dict[str, list[str]]) -> tuple[Classroom, tuple[str, ...]]:
    return read(address, VOCABULARY)


def test_the_words_are_those_of_all_pages() -> None:
    assert set(VOCABULARY.parts) == {part.name for page in PAGES.values() for part in page.parts}
    assert set(VOCABULARY.questions) == {"dw", "db", "z", "y_pred", "loss", "dz_dx", "grad", "next"}
    assert VOCABULARY.stops == 8
    assert set(ONLY_ON_REQUEST) <= set(VOCABULARY.parts)


def test_a_classroom_is_read() -> None:
    cases: list[tuple[dict[str, list[str]], Classroom]] = [
        ({}, Classroom()),
        ({"present": ["1"]}, Classroom(present=True)),
        ({"present": ["0"]}, Classroom()),
        ({"from": ["teach"]}, Classroom(origin="teach")),
        ({"hide": ["lesson"]}, Classroom(named=("lesson",))),
        ({"hide": [" lesson , sliders ,"]}, Classroom(named=("sliders", "lesson"))),
        ({"hide": ["numbers,numbers"]}, Classroom(named=("numbers",))),
        ({"predict": ["db,dw"]}, Classroom(predict=("dw", "db"))),
        ({"embed": ["true"]}, Classroom(embedded=True, omitted=("lesson", "take-home"))),
        ({"embed": ["True"]}, Classroom(embedded=True, omitted=("lesson", "take-home"))),
        ({"embed": ["false"], "show": ["lesson"]}, Classroom()),
        ({"tour": ["1"]}, Classroom(tour="1")),
        ({"tour": ["8"]}, Classroom(tour="8")),
        ({"tour": ["off"]}, Classroom(tour="off")),
        ({"w": ["2"], "Present": ["1"], "hidden": ["lesson"]}, Classroom()),
    ]
    for address, classroom in cases:
        assert read_classroom(address) == (classroom, ()), address


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ({"present": ["yes"]}, "present = “yes” is neither 0 nor 1; the page is not projected."),
        ({"present": ["1", "1"]}, "present is given 2 times; it is left out."),
        ({"hide": ["curves", "lesson"]}, "hide is given 2 times; it is left out."),
        ({"hide": ["cruves"]}, "hide = “cruves” is no part of a page; it is left out."),
        ({"hide": ["a,b,a,c"]}, "hide = “a” (and 2 more) is no part of a page; it is left out."),
        ({"hide": ["<b>\n" + "x" * 99]}, "hide = “<b>�xxxxxxxxxxxxxxxxxxx…” is no part of a page; it is left out."),
        ({"predict": ["dx"]}, "predict = “dx” is nothing that can be predicted; it is left out."),
        ({"predict": ["dw", "db"]}, "predict is given 2 times; it is left out."),
        ({"tour": ["0"]}, "tour = “0” is neither off nor a stop from 1 to 8; no tour is shown."),
        ({"tour": ["9"]}, "tour = “9” is neither off nor a stop from 1 to 8; no tour is shown."),
        ({"tour": ["²"]}, "tour = “²” is neither off nor a stop from 1 to 8; no tour is shown."),
        ({"tour": ["1", "2"]}, "tour is given 2 times; it is left out."),
        ({"show": ["graph"]}, "show = “graph” is no part of a page; it is left out."),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_a_classroom_cannot_be_is_said_once(address: dict[str, list[str]], said: str) -> None:
    assert read_classroom(address) == (Classroom(), (said,))


def test_an_unknown_name_does_not_uncover_the_known_ones() -> None:
    classroom, notices = read_classroom({"hide": ["answers,nonsense"]})
    assert classroom.named == ("answers",)
    assert len(notices) == 1
    hidden = PAGES["neuron"].hidden(classroom, revealed=False)
    assert hidden >= {"answers", "gradients", "curves", "by-hand", "opinions"}


def test_an_embedded_page_has_its_lesson_where_asked() -> None:
    for show, hide, is_hidden in (("", "", True), ("lesson", "", False), ("lesson", "lesson", True)):
        classroom, notices = read_classroom({"embed": ["true"], "show": [show], "hide": [hide]})
        assert (classroom.embedded, notices) == (True, ()), (show, hide)
        assert ("lesson" in PAGES["neuron"].hidden(classroom, revealed=False)) == is_hidden, (show, hide)


@given(
    st.dictionaries(st.sampled_from(PARAMETERS), st.lists(st.text(max_size=40), max_size=3)),
    st.sampled_from([[], ["true"], ["True"], ["true", "1"]]),
)
def test_no_address_breaks_a_classroom(address: dict[str, list[str]], embed: list[str]) -> None:
    classroom, notices = read_classroom(address | {"embed": embed})
    assert set(classroom.named) <= set(VOCABULARY.parts)
    assert set(classroom.predict) <= set(VOCABULARY.questions)
    assert classroom.embedded == ("true" in [text.lower() for text in embed])
    assert all(len(notice) < 120 and notice.isprintable() for notice in notices)


def test_a_record_says_what_differs_from_a_page_opened_alone() -> None:
    assert Classroom().record() == {}
    classroom, _ = read_classroom({"present": ["1"], "hide": ["lesson"], "predict": ["dw"], "tour": ["3"]})
    assert classroom.record() == {"present": True, "named": ("lesson",), "predict": ("dw",), "tour": "3"}


def test_the_words_are_those_that_are_handed_in() -> None:
    words = Vocabulary(parts=("map",), questions=("height",), stops=0)
    assert read({"hide": ["map"], "predict": ["height"]}, words) == (
        Classroom(named=("map",), predict=("height",)),
        (),
    )
    assert read({"hide": ["lesson"]}, words)[1] == ("hide = “lesson” is no part of a page; it is left out.",)
