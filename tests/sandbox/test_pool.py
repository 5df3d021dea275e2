"""The pool: a worker for each visitor, turns, limits, and what becomes of lost workers and parents."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from components.sandbox import answers
from components.sandbox.pool import Pool
from components.sandbox.process import LostError
from components.sandbox.worker import Settings
from tests.sandbox import pools
from tests.sandbox.pools import SHORT, run

ROOT = Path(__file__).parents[2]
PID = "import os\nanswer = os.getpid()"
PIDS = "import os\nanswer = [os.getpid(), os.getppid()]"
ENDLESS = "while True: pass"
FORKS = pytest.param(True, marks=pytest.mark.skipif(sys.platform != "linux", reason="needs fork"))


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + pools.LONG
    while not holds():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.01)


def has_ended(process: int) -> bool:
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (ProcessLookupError, FileNotFoundError):
        return True


class Gate:
    """A program that says when it runs, and goes on when it may: for workers without walls."""

    def __init__(self, folder: Path) -> None:
        self.begun, self.open = folder / "begun", folder / "open"

    def program(self, answer: int) -> str:
        return textwrap.dedent(f"""
            import os, time
            open({str(self.begun)!r}, "w").close()
            while not os.path.exists({str(self.open)!r}):
                time.sleep(0.01)
            answer = {answer}
        """)

    def wait_until_begun(self) -> None:
        wait_until(self.begun.exists)


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    return Gate(tmp_path)


@pytest.fixture
def pool() -> Iterator[Pool]:
    with pools.pool(pools.settings("none"), cores=2, patience_seconds=pools.LONG) as pool:
        yield pool


@pytest.mark.parametrize("can_fork", [FORKS, False])
def test_programs_run_crash_and_are_ended(can_fork: bool) -> None:
    with pools.pool(pools.settings(seconds=SHORT), can_fork) as pool:
        assert run(pool, "a", "answer = 'ok ✓ \\ud800'") == "ok ✓ \ud800"
        mine, other = run(pool, "a", PID), run(pool, "b", PID)
        assert mine == run(pool, "a", PID)
        assert mine not in {other, os.getpid()}
        said = pool.run("a", {"code": "progress(5)\n" + ENDLESS})
        assert said["limit"]["line"] == 5
        assert run(pool, "b", PID) == other
        assert "ended" in run(pool, "b", "import ctypes\nctypes.string_at(0)")
        assert run(pool, "b", PID) not in {mine, other}
    wait_until(lambda: has_ended(mine) and has_ended(other))


def test_the_server_itself_is_not_forked(pool: Pool) -> None:
    child, parent = run(pool, "a", PIDS)
    assert len({child, parent, os.getpid()}) == 3


def test_the_newest_program_wins_and_the_running_one_is_awaited(pool: Pool, gate: Gate) -> None:
    first = pool.submit("a", {"code": gate.program(1)})
    gate.wait_until_begun()
    second = pool.submit("a", {"code": "answer = 2"})
    third = pool.submit("a", {"code": "answer = 3"})
    assert second.result()["superseded"] is True
    assert run(pool, "b", "answer = 4") == 4
    gate.open.touch()
    assert [first.result()["answer"], third.result()["answer"]] == [1, 3]


def test_a_running_program_that_takes_long_gives_way_to_a_newer_one(gate: Gate) -> None:
    with pools.pool(pools.settings("none"), cores=1, patience_seconds=0.2) as pool:
        first = pool.submit("a", {"code": gate.program(1)})
        gate.wait_until_begun()
        assert run(pool, "a", "answer = 2") == 2
        assert first.result()["superseded"] is True


def test_a_slow_program_lets_others_run_beside_it(gate: Gate) -> None:
    with pools.pool(pools.settings("none"), cores=1, turn_seconds=0.05) as pool:
        slow = pool.submit("a", {"code": gate.program(1)})
        gate.wait_until_begun()
        assert run(pool, "b", "answer = 2") == 2
        gate.open.touch()
        assert slow.result()["answer"] == 1


def test_too_many_waiting_programs_are_turned_away(gate: Gate) -> None:
    with pools.pool(pools.settings("none"), cores=1, slow=0, waiting=1) as pool:
        first = pool.submit("a", {"code": gate.program(1)})
        gate.wait_until_begun()
        second = pool.submit("b", {"code": "answer = 2"})
        assert run(pool, "c", "answer = 3") == answers.BUSY
        gate.open.touch()
        assert [first.result()["answer"], second.result()["answer"]] == [1, 2]


def test_workers_are_ended_when_idle_too_many_or_forgotten() -> None:
    with pools.pool(pools.settings("none"), workers=2, idle_seconds=pools.LONG) as pool:
        first, second = run(pool, "a", PID), run(pool, "b", PID)
        run(pool, "c", PID)
        wait_until(lambda: has_ended(first))
        assert run(pool, "b", PID) == second
        pool.forget("b")
        wait_until(lambda: has_ended(second))
    with pools.pool(pools.settings("none"), idle_seconds=0.1) as pool:
        idle = run(pool, "a", PID)
        wait_until(lambda: has_ended(idle))
        assert run(pool, "a", "answer = 1") == 1


def test_a_worker_at_a_limit_of_the_language_is_replaced(pool: Pool) -> None:
    before = run(pool, "a", PID)
    pool.run("a", {"code": "fields = {'limit': {'line': 1, 'text': 'Too many steps.'}}"})
    assert run(pool, "a", PID) != before


@pytest.mark.skipif(sys.platform != "linux", reason="forked workers only")
def test_a_worker_that_ends_while_it_is_idle_is_not_noticed(pool: Pool) -> None:
    for answer in range(10):
        os.kill(run(pool, "a", PID), signal.SIGKILL)
        assert run(pool, "a", f"answer = {answer}") == answer


@pytest.mark.parametrize("can_fork", [FORKS, False])
def test_a_worker_that_has_taken_much_memory_is_replaced(can_fork: bool) -> None:
    with pools.pool(pools.settings(), can_fork) as pool:
        before = run(pool, "a", PID)
        for size, is_kept in ((1, True), (150, False)):
            run(pool, "a", f"answer = len(bytearray(b'x') * ({size} << 20))")
            assert (run(pool, "a", PID) == before) is is_kept


@pytest.mark.skipif(sys.platform != "linux", reason="forked workers only")
def test_the_parent_may_end_while_nothing_runs_and_while_something_does(pool: Pool, gate: Gate) -> None:
    child, parent = run(pool, "a", PIDS)
    endless = run(pool, "c", PID)
    pool.submit("c", {"code": ENDLESS})
    os.kill(parent, signal.SIGKILL)
    wait_until(lambda: has_ended(child) and has_ended(endless))
    assert run(pool, "a", "answer = 1") == 1
    parent = run(pool, "a", PIDS)[1]
    running = pool.submit("b", {"code": gate.program(2)})
    gate.wait_until_begun()
    os.kill(parent, signal.SIGKILL)
    gate.open.touch()
    assert running.result()["answer"] == 2


@pytest.mark.skipif(sys.platform != "linux", reason="forked workers only")
def test_a_parent_that_has_ended_forks_no_more() -> None:
    from components.sandbox.forked import WarmParent

    parent = WarmParent(pools.settings("none"))
    parent.end()
    with pytest.raises(LostError):
        parent.fork()


@pytest.mark.skipif(sys.platform != "linux", reason="forked workers only")
def test_a_parent_that_does_not_listen_is_replaced() -> None:
    with pools.pool(pools.settings("none", seconds=SHORT), ending_seconds=1) as pool:
        stop = "import os\nos.kill(os.getppid(), 19)\n" + ENDLESS
        assert "Stopped" in run(pool, "a", stop)
        assert run(pool, "b", "answer = 1") == 1


def test_a_worker_that_cannot_begin_is_said_calmly(caplog: pytest.LogCaptureFixture) -> None:
    nowhere = Settings("tests.sandbox.programs:nowhere", is_warm=False)
    with pools.pool(nowhere) as pool:
        assert run_limit(pool) == answers.UNAVAILABLE
    assert "nowhere" in caplog.text


def run_limit(pool: Pool) -> Any:
    return pool.run("a", {"code": ""})["limit"]["text"]


def test_a_request_that_is_too_long_is_refused_unread() -> None:
    with pools.pool() as pool:
        said = pool.run("a", {"code": "#" * (2 << 20)})
    assert (said["accepted"], said["limit"]) == (False, None)
    assert "longer" in said["refused"]["text"]


@pytest.mark.parametrize("can_fork", [FORKS, False])
def test_a_closed_pool_answers_everybody(gate: Gate, can_fork: bool) -> None:
    pool = pools.pool(pools.settings("none"), can_fork, cores=1, slow=0)
    running = pool.submit("a", {"code": gate.program(1)})
    gate.wait_until_begun()
    waiting = pool.submit("b", {"code": "answer = 2"})
    pool.close()
    assert {future.result()["limit"]["text"] for future in (running, waiting)} == {answers.UNAVAILABLE}
    assert run_limit(pool) == answers.UNAVAILABLE


def test_many_visitors_at_once_each_get_their_own_answers() -> None:
    found: dict[int, list[Any]] = {}

    def visit(pool: Pool, number: int) -> None:
        found[number] = [run(pool, str(number), f"answer = {number} * {turn}") for turn in range(20)]

    with pools.pool(pools.settings("limits kernel"), cores=2, workers=4) as pool:
        threads = [threading.Thread(target=visit, args=[pool, number]) for number in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == {number: [number * turn for turn in range(20)] for number in range(12)}


APP = """
import sys
from tests.sandbox import pools
pool = pools.pool(pools.settings({walls!r}), {can_fork})
print(*pools.run(pool, "a", "import os\\nanswer = [os.getpid(), os.getppid()]"), flush=True)
pool.submit("a", {{"code": "while True: pass"}})
sys.stdin.read()
"""


def ticks(process: int) -> int:
    """Processor time that a process has used."""
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11])


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(
    ("can_fork", "walls", "ends_parent"),
    [(True, "limits kernel", False), (True, "none", True), (False, "limits", False)],
)
def test_workers_end_with_an_app_that_is_killed(can_fork: bool, walls: str, ends_parent: bool) -> None:
    """Even where the parent ends at the same time, so that nobody is there to end a worker but the kernel."""
    source = APP.format(walls=walls, can_fork=can_fork)
    with subprocess.Popen(
        [sys.executable, "-c", source], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as app:
        assert app.stdout
        child, parent = map(int, app.stdout.readline().split())
        begun = ticks(child)
        wait_until(lambda: ticks(child) > begun + 20)
        if ends_parent:
            os.kill(parent, signal.SIGSTOP)
        app.kill()
    if ends_parent:
        os.kill(parent, signal.SIGKILL)
    assert (parent == app.pid) is not can_fork
    wait_until(lambda: has_ended(child) and has_ended(parent))
