"""One at a time, but nobody waits long for one that hangs."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from components.server.lease_lock import LeaseLock


class Clock:
    """Time passes only where somebody waits."""

    now = 0.0

    def wait(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", lambda: clock.now)
    monkeypatch.setattr(threading.Condition, "wait", lambda _self, seconds: clock.wait(seconds))
    return clock


def test_one_at_a_time_and_nobody_is_forgotten() -> None:
    lock, inside, most = LeaseLock(seconds=30), threading.Semaphore(8), []

    def work(_number: int) -> None:
        with lock.held(), inside:
            most.append(inside._value)
            time.sleep(0.001)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(200)))
    assert most == [7] * 200


def test_one_that_hangs_holds_the_others_once(clock: Clock) -> None:
    lock = LeaseLock(seconds=2)
    with lock.held():
        for _ in range(3):
            with lock.held():
                assert clock.now == 2


def test_one_that_comes_back_does_not_end_the_turn_of_another(clock: Clock) -> None:
    lock = LeaseLock(seconds=2)
    hung, other = lock.held(), lock.held()
    hung.__enter__()
    other.__enter__()
    hung.__exit__(None, None, None)
    with lock.held():
        assert clock.now == 4


def test_an_error_ends_the_turn(clock: Clock) -> None:
    lock = LeaseLock(seconds=2)
    with pytest.raises(RuntimeError), lock.held():
        raise RuntimeError
    with lock.held():
        assert clock.now == 0
