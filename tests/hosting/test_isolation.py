"""Nothing of one visitor reaches another: not through the server, not through torch, not through what is kept."""

import ast
import asyncio
import functools
import importlib
import pkgutil
import random
import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
import torch

import components
from components.address.view import GraphView
from components.cache import Kept
from components.drawing import numbers
from components.live.event import Event, opening
from components.live.update import update
from components.losses import LOSSES
from components.pages.index import PAGES
from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs
from components.precision import DTYPES
from tests.hosting.conftest import run, until
from tests.serving import Server
from tests.test_architecture import SOURCES, place
from tests.visitor import Visitor, streamlit_socket, visiting
from tests.visitor import opening as opening_page

SWITCHES = {
    *("set_default_dtype", "set_default_device", "set_default_tensor_type", "set_grad_enabled", "manual_seed", "seed"),
    *("set_num_threads", "set_num_interop_threads", "set_rng_state", "set_printoptions", "set_flush_denormal"),
    *("use_deterministic_algorithms", "set_anomaly_enabled", "set_detect_anomaly", "set_float32_matmul_precision"),
    *("set_warn_always", "set_multithreading_enabled"),
}
OLD_MEMORY = {"empty", "empty_like", "new_empty", "empty_strided", "resize_"}
"""What torch gives without clearing it may hold numbers of somebody else."""

AT_THE_START = {"components/server/start.py": {"set_num_threads"}}
IN_A_WORKER = {
    "components/sandbox/run.py": {"manual_seed", "set_detect_anomaly", "set_warn_always"},
    "components/sandbox/worker.py": {"set_num_threads", "set_num_interop_threads"},
    "components/sandbox/memory.py": {"empty_strided"},
}
"""In processes of their own, which serve one visitor each; and the size of a tensor that has no memory at all."""


RECORDED = "components/recording/examples/"
"""Programs that are run once, when their recordings are made: the app has what they recorded."""


def some_inputs(chance: random.Random) -> Inputs:
    return Inputs(
        x=chance.randint(-100, 100) / 10,
        w=chance.randint(-500, 500) / 100,
        b=chance.randint(-100, 100) / 10,
        y=float(chance.randint(0, 1)),
        loss=chance.choice(list(LOSSES)),
        dtype=chance.choice(list(DTYPES)),
    )


def test_a_crowd_gets_each_its_own_answers(server: Server) -> None:
    async def student(number: int) -> None:
        chance = random.Random(number)
        async with visiting(server.url) as visitor:
            for _ in range(15):
                await check(visitor, some_inputs(chance))

    async def check(visitor: Visitor, inputs: Inputs) -> None:
        answer = await visitor.drag(**asdict(inputs))
        alone = neuron.run(inputs)
        for name in ("z", "y_pred", "loss", "dw", "db", "dx"):
            assert answer.readout(name) == numbers.exact(getattr(alone, name))

    async def crowd() -> None:
        await asyncio.gather(*(student(number) for number in range(30)))

    run(crowd())


def test_a_second_session_on_one_id_leaves_no_id_in_the_log(server: Server, log: Path) -> None:
    before = log.read_text().count("(session)")

    async def join() -> None:
        async with opening_page(server.url) as visitor, streamlit_socket(server.url, visitor.session):
            await until(lambda: log.read_text().count("(session)") > before)
            assert visitor.session not in log.read_text()
            assert visitor.session != ""

    run(join())


def event(page: str, inputs: Any, view: GraphView) -> Event[Any]:
    opened = opening(PAGES[page], "")
    return replace(opened, state=replace(opened.state, inputs=inputs, graph_view=view))


def state_of_torch() -> list[Any]:
    return [
        *(torch.get_default_dtype(), torch.get_default_device(), torch.is_grad_enabled(), torch.get_num_threads()),
        *(torch.get_rng_state().tolist(), torch.is_anomaly_enabled(), torch.are_deterministic_algorithms_enabled()),
        *(torch.get_float32_matmul_precision(), torch.is_inference_mode_enabled(), torch.get_num_interop_threads()),
        vars(torch._tensor_str.PRINT_OPTS),
    ]


@pytest.mark.parametrize("page", PAGES)
def test_no_page_touches_what_all_of_torch_shares(page: str) -> None:
    before = state_of_torch()
    for inputs in PAGES[page].form.presets.values():
        update(event(page, inputs, GraphView("concept", node="w", step=1)))
    assert state_of_torch() == before


SEEDS = {"seed", "manual_seed"}


def called(source: str) -> set[str]:
    """Every name that is read and every attribute in the code, but for the seed of a generator of one's own."""
    nodes = list(ast.walk(ast.parse(source)))
    attributes = {n.attr for n in nodes if isinstance(n, ast.Attribute) and not is_own_seed(n)}
    return attributes | {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def is_own_seed(attribute: ast.Attribute) -> bool:
    """Whether a seed is not that of torch itself: `torch.manual_seed`, `torch.random.seed`."""
    return attribute.attr in SEEDS and not re.fullmatch(r"torch(\.\w+)*", ast.unparse(attribute.value))


def test_nobody_names_what_all_of_torch_shares() -> None:
    sources = {place(path): source for path, source in SOURCES.items() if not place(path).startswith(RECORDED)}
    named = {where: called(source) & (SWITCHES | OLD_MEMORY) for where, source in sources.items()}
    assert {where: names for where, names in named.items() if names} == AT_THE_START | IN_A_WORKER


@pytest.mark.parametrize(
    "line", ["torch.manual_seed(0)", "torch.random.seed()", "from torch import seed as s; seed()", "x.resize_(3)"]
)
def test_a_switch_is_noticed(line: str) -> None:
    assert called(line) & (SWITCHES | OLD_MEMORY)


@pytest.mark.parametrize("line", ["torch.Generator().manual_seed(3)", "setup.seed", "seed: int = 0"])
def test_a_seed_of_ones_own_is_none(line: str) -> None:
    assert not called(line) & SWITCHES


def caches() -> Iterator[tuple[str, Any]]:
    """Everything in the code that remembers, by its name."""
    for module in pkgutil.walk_packages(components.__path__, "components."):
        if module.name == "components.main":
            continue
        for name, thing in vars(importlib.import_module(module.name)).items():
            if isinstance(thing, functools._lru_cache_wrapper | Kept):
                yield f"{module.name}.{name}", thing


def kept(cache: Any) -> int:
    return len(cache.store.kept) if isinstance(cache, Kept) else int(cache.cache_info().currsize)


def test_every_cache_has_a_bound() -> None:
    found = dict(caches())
    assert len(found) > 5
    assert [
        name for name, cache in found.items() if not isinstance(cache, Kept) and cache.cache_info().maxsize is None
    ] == []


def test_what_is_kept_does_not_grow_with_values() -> None:
    chance = random.Random(1)
    for loss in LOSSES:
        for y in (0.0, 1.0):
            for dtype in DTYPES:
                update(event("neuron", Inputs(1.5, 0.5, 0.5, y, loss, dtype), GraphView("")))
    before = {name: kept(cache) for name, cache in caches()}
    for _ in range(200):
        update(event("neuron", some_inputs(chance), GraphView("")))
    assert {name: kept(cache) for name, cache in caches()} == before
