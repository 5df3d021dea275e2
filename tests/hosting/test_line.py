"""The live line under attack, in silence and in bulk: a close code or the nearest valid state, and nobody waits."""

import asyncio
import contextlib
import itertools
import json
import math
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import websockets
from websockets.asyncio.client import ClientConnection
from websockets.frames import Opcode

from components.live.event import LONGEST
from components.pages.index import PAGES
from tests.hosting.conftest import APP, assert_tidy, bystander, closing_code, goes_on, run, tight_socket, until
from tests.serving import Server, serve
from tests.visitor import Visitor, connected, visiting

UNREADABLE, TOO_LONG, BROKEN = 1007, 1009, 1002

NO_EVENTS: list[bytes | str] = [
    *("", "text", "\0", "[]", "1", "null", "NaN", '"neuron"', "{}", "{", "[" * 60_000, '{"a":' * 12_000),
    *('{"page": "neuron"}', '{"seq": 1}', '{"page": "nobody", "seq": 1}', '{"page": ["neuron"], "seq": 1}'),
    *(f'{{"page": "neuron", "seq": {seq}}}' for seq in ("true", "null", "-1", "1.5", '"1"', "1e400", "9" * 4000)),
    *(b"{}", b"\0" * 100),
]
"""What no page sends; bytes go out as a binary frame."""

STRANGE: list[Any] = [
    *("<script>alert(1)</script>", 1e308, -1e308, None, True, [], {}, "nan", "inf", "1e5", "6.7", 10**400, [6.7]),
    *({"x": 1}, {"w": math.nan}, [["forward", "mul"]], "\ud800", "a" * 10_000, ["z"] * 5000, "9" * 5000),
]
FIELDS = (
    *("query", "values", "graph_view", "released", "walked", "open", "export", "guesses", "revealed"),
    *("static_id", "held", "unknown", "__proto__"),
)
VALUES = ("x", "w", "b", "y", "loss", "dtype", "h", "other", "with_x", "unknown")
VIEW = ("view", "opened", "node", "step", "arrows", "unknown")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None, "http://localhost:1", "localhost", ""])
def test_a_foreign_page_may_not_connect(server: Server, origin: str | None) -> None:
    async def attack() -> None:
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with connected(server.url, "live", origin=origin):
                pass
        assert refused.value.response.status_code == 403

    run(attack())


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_its_own_page_connects_by_any_of_its_names(server: Server, host: str) -> None:
    url = f"http://{host}:{urlsplit(server.url).port}"

    async def connect() -> None:
        async with visiting(url) as visitor:
            assert (await visitor.drag(w=2)).values["w"] == 2.0

    run(connect())


@pytest.mark.parametrize("path", ["live/", "live/x", "livex", "nothing", "_stcore/live"])
def test_no_other_path_is_a_socket(server: Server, path: str) -> None:
    async def attack() -> None:
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with connected(server.url, path):
                pass
        assert refused.value.response.status_code in (403, 404)

    run(attack())


def test_one_socket_serves_every_page(server: Server) -> None:
    """Nothing is remembered between two events: each names its page."""

    async def visit() -> None:
        async with visiting(server.url) as visitor:
            for visitor.page in (*PAGES, *reversed(list(PAGES))):
                assert (await visitor.open()).message["page"] == visitor.page

    run(visit())


def test_what_is_no_event_closes_the_socket(server: Server) -> None:
    async def attack() -> None:
        async with bystander(server.url) as answers:
            for said in NO_EVENTS:
                async with connected(server.url, "live") as attacker:
                    await attacker.send(said)
                    assert await closing_code(attacker) == UNREADABLE, said[:40]
            await goes_on(answers)

    run(attack())


@pytest.mark.parametrize("size", [LONGEST + 1, 6_000_000])
def test_an_event_too_long_closes_the_socket(server: Server, size: int) -> None:
    async def attack() -> None:
        async with bystander(server.url) as answers, visiting(server.url) as attacker:
            event = json.dumps(attacker.event(w=2) | {"query": ""})
            with contextlib.suppress(websockets.ConnectionClosed):
                await attacker.socket.send(event + " " * (size - len(event)))
            assert await closing_code(attacker.socket) == TOO_LONG
            await goes_on(answers)

    run(attack())


def test_an_event_of_64_kilobytes_is_answered(server: Server) -> None:
    async def attack() -> None:
        async with visiting(server.url) as attacker:
            event = json.dumps(attacker.event(w=2))
            await attacker.socket.send(event + " " * (64 * 1024 - len(event)))
            assert (await attacker.receive()).values["w"] == 2.0

    run(attack())


def test_broken_frames_and_texts_close_the_socket(server: Server) -> None:
    async def attack() -> None:
        async with connected(server.url, "live") as attacker:
            attacker.transport.write(b"\xff\xff\xff\xff broken")
            assert await closing_code(attacker) == BROKEN
        async with connected(server.url, "live") as attacker:
            await attacker.send(b"\xff\xfe", text=True)
            assert await closing_code(attacker) == UNREADABLE

    run(attack())


def test_who_says_rubbish_and_leaves_is_forgotten(server: Server) -> None:
    async def attack() -> None:
        async with bystander(server.url) as answers:
            for said in ("rubbish", '{"page": "neuron", "seq": 1}') * 20:
                async with connected(server.url, "live") as attacker:
                    await attacker.send(said)
                    attacker.transport.abort()
            await goes_on(answers)

    run(attack())


def test_forged_events_are_answered_with_the_nearest_state(server: Server) -> None:
    async def attack() -> None:
        async with bystander(server.url) as answers, visiting(server.url) as attacker:
            for event in forged(attacker):
                values = (await attacker.ask(event)).values
                assert all(-10 <= values[name] <= 10 for name in ("x", "w", "b", "y")), event
                assert values["loss"] in {"notebook", "bce", "logits", "squared"}, event
            assert (await attacker.drag(w=2, x=3, loss="bce")).values["w"] == 2.0
            await goes_on(answers)

    run(attack())


def forged(attacker: Visitor) -> list[dict[str, Any]]:
    """Events with one strange thing each, by numbers that grow."""
    events = []
    for value, name in itertools.product(STRANGE, FIELDS):
        events.append(attacker.event() | {name: value})
    for value, name in itertools.product(STRANGE, VALUES):
        events.append(attacker.event(**{name: value}))
    for value, name in itertools.product(STRANGE, VIEW):
        events.append(attacker.event() | {"graph_view": {name: value}})
    return events


def test_a_number_that_goes_back_is_passed_over(server: Server) -> None:
    async def attack() -> None:
        async with visiting(server.url) as attacker:
            for seq, w in ((9, 1), (3, 2), (9, 3), (10, 4)):
                await attacker.send(attacker.event(w=w) | {"seq": seq, "released": True})
            answers = [await attacker.receive() for _ in range(2)]
            assert [(answer.message["seq"], answer.values["w"]) for answer in answers] == [(9, 1.0), (10, 4.0)]

    run(attack())


def test_a_flood_costs_the_others_nothing(server: Server) -> None:
    """It goes on until somebody else has had a hundred updates; then its own last value is answered, too."""

    async def attack() -> None:
        narrow = tight_socket(server.url, SO_SNDBUF=4096)  # else thousands of events wait in the network
        async with bystander(server.url) as answers, visiting(server.url, sock=narrow) as attacker:
            seqs: list[int] = []

            async def read() -> None:
                while (await attacker.receive()).message["seq"] < 2**40:
                    seqs.append(attacker.message["seq"])

            reading = asyncio.create_task(read())
            seen = len(answers)
            for w in itertools.cycle((1.0, 2.0, 3.0)):
                await attacker.send(attacker.event(w=w))
                if len(answers) > seen + 100:
                    break
            await attacker.send(attacker.event(w=-3) | {"seq": 2**40})
            await reading
            assert attacker.message["values"]["w"] == -3.0
            assert seqs == sorted(set(seqs))
            assert len(seqs) < attacker.seq

    run(attack())


def test_a_flood_of_long_events_costs_the_others_nothing(server: Server) -> None:
    async def attack() -> None:
        async with bystander(server.url) as answers, visiting(server.url) as attacker:
            long = json.dumps([{}] * 15_000)
            seen = len(answers)
            for seq in itertools.count(2):
                sending = attacker.socket.send(f'{{"page": "neuron", "seq": {seq}, "open": {long}}}')
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(sending, 1)
                if len(answers) > seen + 100:
                    break
            attacker.socket.transport.abort()

    run(attack())


class Pinged(ClientConnection):
    """A socket that counts the server's pings."""

    pings = 0

    def process_event(self, event: Any) -> None:
        """One frame that has come."""
        self.pings += getattr(event, "opcode", None) is Opcode.PING
        super().process_event(event)


def test_sockets_that_say_nothing_are_kept_and_cost_nothing(tmp_path: Path) -> None:
    """Open pages of a class that listens to its teacher."""
    settings = ("--server.websocketPingInterval=5",)  # a pong has as long: on a busy machine it takes a second and more
    with serve(APP, settings=settings, log=tmp_path / "log") as server:

        async def listen() -> None:
            async with contextlib.AsyncExitStack() as stack, bystander(server.url, pause=0.1) as answers:
                sockets = [connected(server.url, "live", create_connection=Pinged) for _ in range(50)]
                idle: list[Any] = [await stack.enter_async_context(socket) for socket in sockets]
                await until(lambda: min(socket.pings for socket in idle) > 1)
                await goes_on(answers)
                for socket in idle:
                    assert (await Visitor(socket).open()).values["w"] == 1.0

        run(listen())
    assert_tidy(tmp_path / "log")
