"""The way to each node of a program that runs again and again: searched once, then read along the same route."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any, NamedTuple

from torch import Tensor

from components.graph.record import Call, Recording, grad_node
from components.graph.search import Found, Key, Search
from components.graph.structure import Annotations

MOST = 64
"""Programs whose routes are kept."""

Origin = tuple[int, int | None] | None
"""The number of a call, and that of one of its arguments (None: its result); None where no call has it."""


class Route(NamedTuple):
    """How all that was found in one run is found in another, and what the two have in common.

    `ways` are places of torch's nodes from the result on, each with a consumer's place and the slot of that input.
    """

    functions: list[Callable[..., Any]]
    names: list[str]
    kinds: list[type]
    ways: list[tuple[int, int, int]]
    origins: list[Origin]
    found: Found


_ROUTES: dict[Hashable, Route] = {}


def find(result: Tensor, recording: Recording, names: Mapping[str, Tensor], annotations: Annotations) -> Found:
    """What `result` was made from; along a known route where the annotations say which program it is."""
    route = _ROUTES.get(annotations.program) if annotations.program else None
    found = _follow(route, result, recording.calls, names) if route else None
    if found is None:
        search = Search(recording, names, [result], is_program=False)
        found = search.found(annotations.aliases)
        if annotations.program and result.requires_grad:
            _keep(annotations.program, _route(search, found, names), result)
    return found


def _follow(route: Route, result: Tensor, calls: list[Call], names: Mapping[str, Tensor]) -> Found | None:
    """What is found along a route; None where this is not the route's program."""
    if [call[0] for call in calls] != route.functions or list(names) != route.names:
        return None
    things = [
        None if origin is None else calls[origin[0]][2] if origin[1] is None else calls[origin[0]][1][origin[1]]
        for origin in route.origins
    ]
    keys: list[Any] = [0] * len(things)
    keys[-1], things[-1] = grad_node(result), result
    for place, consumer, slot in route.ways:
        sources = keys[consumer].next_functions
        keys[place] = key = sources[slot][0] if slot < len(sources) else None
        if route.origins[place] is None:
            things[place] = getattr(key, "variable", None)
    return route.found._replace(keys=keys, things=things) if list(map(type, keys)) == route.kinds else None


def _route(search: Search, found: Found, names: Mapping[str, Tensor]) -> Route:
    places = {key: place for place, key in enumerate(found.keys)}
    ways: dict[int, tuple[int, int, int]] = {}
    origins: list[Origin] = [_made(search, key) for key in found.keys]
    for consumer, key in reversed(list(enumerate(found.keys))):
        for slot, source in enumerate(search.inputs[key]):
            place = places[source]
            if isinstance(source, int):
                origins[place] = origins[place] or _given(search, key, found.things[place])
            else:
                ways.setdefault(place, (place, consumer, slot))
    functions = [call[0] for call in search.calls]
    empty = found._replace(keys=[], things=[])
    return Route(functions, list(names), list(map(type, found.keys)), list(ways.values()), origins, empty)


def _made(search: Search, key: Key) -> Origin:
    """The call that a tensor is the result of."""
    number = search.made.get(key)
    return None if number is None or isinstance(search.calls[number][2], tuple) else (number, None)


def _given(search: Search, consumer: Key, thing: object) -> Origin:
    """The argument of a consumer's call that a tensor or number is."""
    number = search.made.get(consumer)
    args = () if number is None else search.calls[number][1]
    return next(((number, place) for place, arg in enumerate(args) if arg is thing and number is not None), None)
