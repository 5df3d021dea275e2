"""What is kept, and what goes."""

from components.cache import Store, keep


def test_what_is_asked_for_twice_is_computed_once() -> None:
    computed: list[int] = []

    @keep(10, size=len)
    def text(length: int) -> str:
        computed.append(length)
        return "x" * length

    assert [text(3), text(4), text(3)] == ["xxx", "xxxx", "xxx"]
    assert computed == [3, 4]
    text.cache_clear()
    text(3)
    assert computed == [3, 4, 3]


def test_the_least_recently_used_goes_when_all_are_too_large() -> None:
    @keep(10, size=len)
    def text(length: int) -> str:
        return "x" * length

    for length in (4, 5, 4, 3):
        text(length)
    assert list(text.store.kept) == [(4,), (3,)]


def test_one_that_is_larger_than_all_may_be_is_kept_alone() -> None:
    @keep(10, size=len)
    def text(length: int) -> str:
        return "x" * length

    for length in (4, 50):
        text(length)
    assert list(text.store.kept) == [(50,)]
    text(5)
    assert list(text.store.kept) == [(5,)]


def test_what_is_kept_anew_takes_the_place_of_what_was() -> None:
    store: Store[str] = Store(10, size=len)
    for name, length in (("a", 6), ("a", 3), ("b", 6)):
        store.put(name, "x" * length)
    assert list(store.kept) == ["a", "b"]
    store.clear()
    store.put("c", "x" * 9)
    store.put("a", "x")
    assert list(store.kept) == ["c", "a"]
