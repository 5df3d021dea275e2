"""Whose program is next, at times that a test sets."""

import pytest

from components.sandbox.limits import PoolLimits
from components.sandbox.turns import FullError, Job, Turns

LIMITS = PoolLimits(cores=2, slow=1, turn_seconds=0.15, heavy_seconds=1, waiting=3, patience_seconds=0.5)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def turns(clock: Clock) -> Turns:
    return Turns(LIMITS, clock)


def put(turns: Turns, *visitors: str) -> list[Job]:
    jobs = [Job(visitor, b"") for visitor in visitors]
    for job in jobs:
        turns.put(job)
    return jobs


def begin(turns: Turns, job: Job, seconds: float = 10) -> Job:
    assert turns.next() is job
    turns.begin(job, seconds)
    return job


def test_the_newest_of_a_visitor_takes_the_place_of_the_one_before(turns: Turns, clock: Clock) -> None:
    old, other = put(turns, "a", "b")
    clock.now += 1
    new = Job("a", b"")
    assert turns.put(new) is old
    assert turns.next() is new
    assert turns.next() is other


def test_one_program_of_a_visitor_runs_at_a_time(turns: Turns) -> None:
    first, second = put(turns, "a")[0], None
    begin(turns, first)
    second = put(turns, "a")[0]
    assert turns.next() is None
    turns.done(first)
    assert turns.next() is second


def test_as_many_run_as_there_are_cores(turns: Turns) -> None:
    jobs = put(turns, "a", "b", "c")
    assert [turns.next(), turns.next(), turns.next()] == [*jobs[:2], None]
    turns.done(jobs[1])
    assert turns.next() is jobs[2]


def test_a_slow_program_lets_another_run_beside_it_and_the_next_one_does_not(turns: Turns) -> None:
    first, second, third = put(turns, "a", "b", "c")
    begin(turns, first)
    begin(turns, second)
    assert turns.end_turn(first)
    begin(turns, third)
    assert not turns.end_turn(second)
    turns.done(first)
    assert turns.end_turn(second)


def test_who_has_been_slow_of_late_comes_last(turns: Turns, clock: Clock) -> None:
    slow = begin(turns, put(turns, "slow")[0])
    clock.now += 0.9
    turns.done(slow)
    again, quick = put(turns, "slow", "quick")
    assert [turns.next(), turns.next()] == [quick, again]


def test_many_quick_programs_are_not_slow(turns: Turns, clock: Clock) -> None:
    for _ in range(100):
        job = begin(turns, put(turns, "dragging")[0])
        clock.now += 0.1
        turns.done(job)
    again, _ = put(turns, "dragging", "other")
    assert begin(turns, again).is_slow is False


def test_who_has_been_very_slow_has_no_turn_to_begin_with(turns: Turns, clock: Clock) -> None:
    for name in ("a", "b", "c"):
        job = begin(turns, put(turns, name)[0])
        clock.now += 1.8
        turns.done(job)
    first = put(turns, "a", "b", "c")[0]
    assert begin(turns, first).is_slow
    assert turns.next() is None
    quick = put(turns, "quick")[0]
    assert begin(turns, quick).is_slow is False


def test_being_slow_is_forgotten_with_time(turns: Turns, clock: Clock) -> None:
    slow = begin(turns, put(turns, "slow")[0])
    clock.now += 1.8
    turns.done(slow)
    clock.now += 100
    again, _ = put(turns, "slow", "quick")
    assert begin(turns, again).is_slow is False


def test_more_than_may_wait_are_turned_away_but_a_newer_program_is_not(turns: Turns) -> None:
    jobs = put(turns, "a", "b", "c")
    with pytest.raises(FullError):
        put(turns, "d")
    assert turns.put(Job("b", b"")) is jobs[1]


def test_a_program_that_a_newer_one_waits_for_must_end_soon(turns: Turns, clock: Clock) -> None:
    first = begin(turns, put(turns, "a")[0])
    clock.now += 0.1
    put(turns, "a")
    assert (first.deadline, first.is_overtaken) == (100.5, True)


def test_a_program_whose_limit_comes_sooner_keeps_it(turns: Turns) -> None:
    first = begin(turns, put(turns, "a")[0], seconds=0.2)
    put(turns, "a")
    assert (first.deadline, first.is_overtaken) == (100.2, False)


def test_a_program_that_was_overtaken_before_it_began_must_end_soon_too(turns: Turns) -> None:
    first = put(turns, "a")[0]
    assert turns.next() is first
    put(turns, "a")
    turns.begin(first, 10)
    assert first.is_overtaken


def test_what_waits_can_be_taken_back(turns: Turns) -> None:
    jobs = put(turns, "a", "b")
    assert turns.withdraw() == jobs
    assert turns.next() is None
