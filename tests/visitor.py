"""A visitor without a browser: speaks Streamlit's own protocol over a websocket, as its page would."""

import asyncio
import contextlib
import itertools
import json
import struct
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

PATIENCE = 30.0
CONTROLS = "live_sliders"
_numbers = itertools.count(1)


@dataclass
class Answer:
    """What came back for one message: the seconds it took, its bytes, and the newest data for the page's widgets."""

    seconds: float
    size: int
    said: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def readout(self, name: str) -> str:
        """All digits of a number on the page."""
        return str(self.said["readouts"][name][0])


def decode(data: bytes) -> dict[str, Any]:
    """The JSON of the message that the page's widgets share."""
    (length,) = struct.unpack_from("<I", data)
    said: dict[str, Any] = json.loads(data[4 : 4 + length])
    return said


def event(visitor: "Visitor", values: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What the page's controls send for one step of a drag."""
    seen = visitor.said
    kept = {"look": seen["graph"]["look"], "held": seen["inputs"], "have": visitor.standing}
    ours = {"values": seen["inputs"] | values, "released": False, "seq": next(_numbers)}
    return {"event": kept | ours | more}


@dataclass
class Visitor:
    """One open page: what it has been told, and the socket to the server."""

    socket: websockets.ClientConnection
    query: str = ""
    path: str = ""
    fragment: str = ""
    page: str = ""
    session: str = ""
    standing: str = ""
    said: dict[str, Any] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    async def drag(self, **values: Any) -> Answer:
        """Moves a slider of ours, and waits for what it changes."""
        return await self.send(self.step(**values))

    def step(self, **values: Any) -> bytes:
        """The message of one step of a drag."""
        return self.message(
            [WidgetState(id=self.ids[CONTROLS], json_value=json.dumps(event(self, values)))], self.fragment
        )

    async def slide(self, name: str, value: float) -> Answer:
        """Moves one of Streamlit's own sliders, and waits for what it changes."""
        state = WidgetState(id=self.ids[name])
        state.double_array_value.data.append(value)
        return await self.run([state], self.fragment)

    async def run(self, states: list[WidgetState] | None = None, fragment: str = "") -> Answer:
        """Has the script run with these states, and waits until it has."""
        return await self.send(self.message(states, fragment))

    async def send(self, message: bytes) -> Answer:
        """Sends a message and waits for all that it brings about."""
        began = time.perf_counter()
        await self.socket.send(message)
        answer = await asyncio.wait_for(self.answer(), PATIENCE)
        answer.seconds = time.perf_counter() - began
        return answer

    def message(self, states: list[WidgetState] | None = None, fragment: str = "") -> bytes:
        """The bytes that ask for a run."""
        said = BackMsg()
        said.rerun_script.query_string = self.query
        said.rerun_script.page_script_hash = self.page
        said.rerun_script.page_name = "" if self.page else self.path
        said.rerun_script.fragment_id = fragment
        said.rerun_script.widget_states.widgets.extend(states or [])
        return bytes(said.SerializeToString())

    async def answer(self) -> Answer:
        """All that is sent until a run has ended."""
        answer = Answer(0, 0)
        async for data in self.socket:
            assert isinstance(data, bytes)
            answer.size += len(data)
            message = ForwardMsg()
            message.ParseFromString(data)
            self._take(message, answer)
            if message.WhichOneof("type") == "script_finished":
                return answer
        raise ConnectionError("closed by the server")

    def _take(self, message: ForwardMsg, answer: Answer) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.page, self.session = message.new_session.page_script_hash, message.new_session.initialize.session_id
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._take_element(message.delta.new_element, message.delta.fragment_id, answer)

    def _take_element(self, element: Any, fragment: str, answer: Answer) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception":
            answer.errors.append(
                f"{element.exception.type}: {element.exception.message} {element.exception.stack_trace}"
            )
        elif kind == "slider":
            self.ids[element.slider.label], self.fragment = element.slider.id, fragment
        elif kind == "bidi_component":
            name = element.bidi_component.component_name
            self.ids[name] = element.bidi_component.id
            if name == CONTROLS:
                self.fragment = fragment
                answer.said = self.said = decode(element.bidi_component.bytes)
                self.standing = self.said.get("static", {}).get("id", self.standing)


@contextlib.asynccontextmanager
async def visiting(
    url: str, query: str = "", session: str = "", path: str = "", **options: Any
) -> AsyncIterator[Visitor]:
    """A visitor whose page (the app's one at `path`) has been opened at `url` and run once."""
    async with connected(url, session, **options) as socket:
        visitor = Visitor(socket, query, path)
        first = await visitor.run()
        assert first.errors == []
        yield visitor


@contextlib.asynccontextmanager
async def connected(url: str, session: str = "", **options: Any) -> AsyncIterator[websockets.ClientConnection]:
    """A visitor's bare socket."""
    parts = urlsplit(url)
    address = f"ws{parts.scheme.removeprefix('http')}://{parts.netloc}{parts.path.rstrip('/')}/_stcore/stream"
    names: list[Any] = ["streamlit", "none", session] if session else ["streamlit"]
    settings = {"origin": f"{parts.scheme}://{parts.netloc}", "compression": None, "max_size": None} | options
    async with websockets.connect(address, subprotocols=names, **settings) as socket:
        yield socket


def steps(lowest: float = -5, highest: float = 5, step: float = 0.01) -> Iterator[float]:
    """The places of a slider, there and back again."""
    count = round((highest - lowest) / step)
    way = [round(lowest + i * step, 2) for i in range(count + 1)]
    return itertools.cycle(way + way[-2:0:-1])
