"""Visitors without a browser: one speaks the live line, one Streamlit's own protocol, as the page would."""

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

PATIENCE = 60.0
COMPONENT = "app"
"""The one component of every page; its key in Streamlit's state is the same."""


@dataclass
class Answer:
    """What came back: the seconds it took, its bytes, the newest message for the page, and exceptions shown."""

    seconds: float = 0.0
    size: int = 0
    message: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    @property
    def values(self) -> dict[str, Any]:
        """The controls by name."""
        return dict(self.message["values"])

    def readout(self, name: str) -> str:
        """All digits of a number on the page."""
        return str(self.message["readouts"][name][0])


def decode(data: bytes) -> dict[str, Any]:
    """The JSON of a message."""
    (length,) = struct.unpack_from("<I", data)
    message: dict[str, Any] = json.loads(data[4 : 4 + length])
    return message


@dataclass
class Visitor:
    """One open line: the page and query that its events name, and the newest message."""

    socket: websockets.ClientConnection
    page: str = "neuron"
    query: str = ""
    message: dict[str, Any] = field(default_factory=dict)
    static_id: str = ""
    seq: int = 0

    async def open(self) -> Answer:
        """Asks for what the address says."""
        return await self.ask(self.numbered({}))

    async def drag(self, **values: Any) -> Answer:
        """Moves controls, and waits for what that changes."""
        return await self.ask(self.event(**values))

    async def ask(self, event: dict[str, Any]) -> Answer:
        """Sends an event, and waits until it has been answered."""
        began = time.perf_counter()
        await self.send(event)
        answer = await self.receive()
        while answer.message["seq"] != event["seq"]:
            answer = await self.receive()
        answer.seconds = time.perf_counter() - began
        return answer

    def event(self, **values: Any) -> dict[str, Any]:
        """The event of one step of a drag."""
        held = self.message["values"]
        view = self.message.get("graph", {}).get("view", {})
        return self.numbered({"values": held | values, "graph_view": view, "held": held})

    def numbered(self, fields: dict[str, Any]) -> dict[str, Any]:
        """An event with these fields and the next number."""
        self.seq += 1
        names = {"page": self.page, "seq": self.seq, "query": f"?{self.query}", "static_id": self.static_id}
        return names | fields

    async def send(self, event: dict[str, Any]) -> None:
        """Sends an event."""
        await self.socket.send(json.dumps(event))

    async def receive(self) -> Answer:
        """The next message."""
        data = await asyncio.wait_for(self.socket.recv(), PATIENCE)
        assert isinstance(data, bytes)
        self.message = decode(data)
        self.static_id = self.message["static_id"]
        return Answer(size=len(data), message=self.message)


@dataclass
class PageVisitor:
    """One page, opened over Streamlit's socket: what it has been told, and the ids of its components and sliders."""

    socket: websockets.ClientConnection
    query: str = ""
    path: str = ""
    fragment: str = ""
    page: str = ""
    session: str = ""
    seq: int = 0
    message: dict[str, Any] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    async def drag(self, **values: Any) -> Answer:
        """Moves controls as a page without a line does: the event travels as the component's state."""
        return await self.run([self.state(json_value=json.dumps({"event": self.event(**values)}))])

    def event(self, **values: Any) -> dict[str, Any]:
        """The event of one step of a drag."""
        self.seq += 1
        told = self.message
        view = told.get("graph", {}).get("view", {})
        names = {"page": told["page"], "seq": self.seq, "query": f"?{self.query}"}
        return names | {"values": told["values"] | values, "graph_view": view, "static_id": told["static_id"]}

    def state(self, **value: Any) -> WidgetState:
        """A state of the page's component."""
        return WidgetState(id=self.ids[COMPONENT], **value)

    async def slide(self, name: str, value: float) -> Answer:
        """Moves one of Streamlit's own sliders, and waits for what that changes."""
        state = WidgetState(id=self.ids[name])
        state.double_array_value.data.append(value)
        return await self.run([state], self.fragment)

    async def run(self, states: list[WidgetState] | None = None, fragment: str = "") -> Answer:
        """Has the script run with these states, and waits until it has."""
        began = time.perf_counter()
        await self.socket.send(self.rerun(states, fragment))
        answer = await asyncio.wait_for(self.receive(), PATIENCE)
        answer.seconds = time.perf_counter() - began
        return answer

    def rerun(self, states: list[WidgetState] | None = None, fragment: str = "") -> bytes:
        """The message that asks for a run."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_script_hash = self.page
        message.rerun_script.page_name = "" if self.page else self.path
        message.rerun_script.fragment_id = fragment
        message.rerun_script.widget_states.widgets.extend(states or [])
        return bytes(message.SerializeToString())

    async def receive(self) -> Answer:
        """All that is sent until a run has ended."""
        answer = Answer()
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
            shown = element.exception
            answer.errors.append(f"{shown.type}: {shown.message} {shown.stack_trace}")
        elif kind == "slider":
            self.ids[element.slider.label], self.fragment = element.slider.id, fragment
        elif kind == "bidi_component":
            component = element.bidi_component
            self.ids[component.component_name] = component.id
            if component.component_name == COMPONENT:
                answer.message = self.message = decode(component.bytes)


@contextlib.asynccontextmanager
async def visiting(url: str, query: str = "", page: str = "neuron", **options: Any) -> AsyncIterator[Visitor]:
    """A visitor whose line to the app at `url` is open, and who has been told what the address says."""
    async with connected(url, "live", **options) as socket:
        visitor = Visitor(socket, page, query)
        await visitor.open()
        yield visitor


@contextlib.asynccontextmanager
async def opening(
    url: str, query: str = "", path: str = "", session: str = "", **options: Any
) -> AsyncIterator[PageVisitor]:
    """A visitor whose page (the app's one at `path`) has been opened over Streamlit's socket and run once."""
    async with streamlit_socket(url, session, **options) as socket:
        visitor = PageVisitor(socket, query, path)
        first = await visitor.run()
        assert first.errors == []
        yield visitor


def streamlit_socket(url: str, session: str = "", **options: Any) -> Any:
    """Streamlit's own socket, bare."""
    names = ["streamlit", "none", session] if session else ["streamlit"]
    return connected(url, "_stcore/stream", subprotocols=names, **options)


@contextlib.asynccontextmanager
async def connected(url: str, path: str, **options: Any) -> AsyncIterator[websockets.ClientConnection]:
    """A bare socket to a path of the app at `url`, with the Origin that its own pages have."""
    parts = urlsplit(url)
    address = f"ws{parts.scheme.removeprefix('http')}://{parts.netloc}{parts.path.rstrip('/')}/{path}"
    settings = {"origin": f"{parts.scheme}://{parts.netloc}", "compression": None, "max_size": None} | options
    async with websockets.connect(address, **settings) as socket:
        yield socket


def steps(lowest: float = -5, highest: float = 5, step: float = 0.01) -> Iterator[float]:
    """The places of a slider, there and back again."""
    count = round((highest - lowest) / step)
    way = [round(lowest + i * step, 2) for i in range(count + 1)]
    return itertools.cycle(way + way[-2:0:-1])
