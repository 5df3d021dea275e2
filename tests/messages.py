"""Events as a browser sends them, and messages as it decodes them."""

import json
import struct
from dataclasses import asdict, dataclass, field, is_dataclass
from typing import Any

from components.live.event import Event, read
from components.live.update import update


@dataclass(frozen=True)
class Message:
    """A decoded message: its JSON fields, its float32 rows by name, and the bytes that it had."""

    fields: dict[str, Any]
    arrays: dict[str, list[float]] = field(default_factory=dict)
    size: int = 0

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    @property
    def text(self) -> str:
        """All that it says, as JSON."""
        return json.dumps(self.fields, ensure_ascii=False)


def decode(message: bytes) -> Message:
    """The message taken apart as the browser does it; all of it is used."""
    (length,) = struct.unpack_from("<I", message)
    fields = json.loads(message[4 : 4 + length])
    arrays, at = {}, 4 + length
    for name, count in fields.get("arrays", ()):
        arrays[name] = list(struct.unpack_from(f"<{count}f", message, at))
        at += 4 * count
    assert (length % 4, at) == (0, len(message))
    return Message(fields, arrays, len(message))


def event(page: str, inputs: Any = None, view: Any = None, **more: Any) -> Event[Any]:
    """The event of a page on which `inputs` are set and the graph is looked at as `view` says, sent as JSON."""
    fields = {"page": page, "seq": 1} | more
    fields |= {"values": inputs} if inputs is not None else {}
    fields |= {"graph_view": view} if view is not None else {}
    return read(json.loads(json.dumps(fields, default=_as_json)))


def answer(page: str, inputs: Any = None, view: Any = None, **more: Any) -> Message:
    """The message that answers such an event."""
    return decode(update(event(page, inputs, view, **more)))


def _as_json(value: object) -> dict[str, Any]:
    assert is_dataclass(value)
    assert not isinstance(value, type)
    return asdict(value)
