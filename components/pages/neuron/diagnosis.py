"""A second and a third opinion on torch's gradients, and the verdict: why two answers differ."""

import math
import struct
from typing import Literal

import torch
from torch import Tensor

from components.pages.neuron import model as neuron
from components.pages.neuron.losses import DTYPES
from components.pages.neuron.model import Inputs, Run

Verdict = Literal["identical", "rounding", "clamped", "saturated", "undefined"]
VERDICTS: tuple[Verdict, ...] = ("identical", "rounding", "clamped", "saturated", "undefined")

STEP = 1e-5
"""The central difference's usual step: near the cube root of float64's rounding, where its two errors meet."""

STEPS = tuple(10.0 ** (exponent / 4) for exponent in range(-52, 1))
"""Steps from 1e-13 to 1 at which the central difference's error is shown."""

_LAYOUTS = {"float32": ("<f", "<i", 31), "float64": ("<d", "<q", 63)}
_AS_INTEGERS = {torch.float32: torch.int32, torch.float64: torch.int64}
_DIGITS = {torch.float32: 24, torch.float64: 53}

EPS = {name: torch.finfo(dtype).eps for name, dtype in DTYPES.items()}
"""The largest relative size of an ulp."""


def ulps(a: float, b: float, dtype: str = "float32") -> int | None:
    """Distance between two numbers of `dtype` in units in the last place; None where either is not a number."""
    if math.isnan(a) or math.isnan(b):
        return None
    return abs(_position(a, dtype) - _position(b, dtype))


def _position(value: float, dtype: str) -> int:
    """The place of `value` in the ordered list of all numbers of `dtype`, zero at 0."""
    as_float, as_int, sign_bit = _LAYOUTS[dtype]
    (bits,) = struct.unpack(as_int, struct.pack(as_float, value))
    return int(bits) if bits >= 0 else -(int(bits) + (1 << sign_bit))


def difference_errors(inputs: Inputs, steps: tuple[float, ...]) -> tuple[list[float], list[float]]:
    """How far the central differences by w and by b are from the closed form, for each step."""
    truth = exact_gradients(inputs)
    by_w, by_b = numeric_gradients(inputs, steps)
    return (by_w - truth[0]).abs().tolist(), (by_b - truth[1]).abs().tolist()


def ulp_distance(answer: float, truth: float, dtype: str) -> int | None:
    """Distance of an answer from the closed form in ulps of `dtype`, both rounded to it; None if it is not finite."""
    if not math.isfinite(answer):
        return None
    near_answer, near_truth = torch.tensor([answer, truth], dtype=torch.float64).to(DTYPES[dtype]).tolist()
    return ulps(near_answer, near_truth, dtype)


def exact(x: Tensor, w: Tensor, b: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """(σ(z) − y)·x and σ(z) − y of the cross-entropy without a clamp, entry by entry, for y of 0 or 1.

    For float64 tensors; where σ(z) is near 1, σ(z) − 1 is formed as −σ(−z), so that nothing cancels.
    """
    z = w * x + b
    residual = torch.where(y == 1, -torch.sigmoid(-z), torch.sigmoid(z))
    return residual * x, residual


def exact_gradients(inputs: Inputs) -> tuple[float, float]:
    """The closed form's dL/dw and dL/db in float64, at the numbers that the visitor set."""
    dw, db = exact(*(torch.tensor(getattr(inputs, name), dtype=torch.float64) for name in ("x", "w", "b", "y")))
    return float(dw), float(db)


def numeric_gradients(inputs: Inputs, steps: tuple[float, ...] = (STEP,)) -> tuple[Tensor, Tensor]:
    """Central differences of the chosen loss by w and by b in float64, one for each step."""
    h = torch.tensor(steps, dtype=torch.float64)
    none = torch.zeros_like(h)
    w = inputs.w + torch.stack([h, -h, none, none])
    b = inputs.b + torch.stack([none, none, h, -h])
    x, y = (torch.tensor(value, dtype=torch.float64) for value in (inputs.x, inputs.y))
    loss = neuron.losses(x, w, b, y, inputs.loss)
    return (loss[0] - loss[1]) / (2 * h), (loss[2] - loss[3]) / (2 * h)


def distance(a: Tensor, b: Tensor) -> Tensor:
    """Distance in ulps, entry by entry, of finite numbers of one dtype (int64)."""
    return (_places(a) - _places(b)).abs()


def _places(values: Tensor) -> Tensor:
    bits = values.view(_AS_INTEGERS[values.dtype]).long()
    return torch.where(bits < 0, torch.iinfo(_AS_INTEGERS[values.dtype]).min - bits, bits)


def verdicts(gradient: Tensor, truth: Tensor, is_cut: Tensor) -> Tensor:
    """The place in VERDICTS of each gradient beside the closed form (float64), by the numbers alone.

    Not finite: undefined. The closed form's own nearest number: identical. 0 where the clamp is flat (`is_cut`):
    clamped. Half of the dtype's binary digits or more gone: saturated. Otherwise: rounding.
    """
    nearest = truth.to(gradient.dtype)
    is_lost = distance(gradient.nan_to_num(), nearest) >= 2 ** (_DIGITS[gradient.dtype] // 2)
    found = torch.where(is_lost, 3, 1)
    found = torch.where(is_cut & (gradient == 0), 2, found)
    found = torch.where(gradient == nearest, 0, found)
    return torch.where(torch.isfinite(gradient), found, 4)


def judge(run: Run, truth: tuple[float, float]) -> tuple[Verdict, Verdict]:
    """The verdicts on a run's dL/dw and dL/db beside those of the closed form."""
    gradients = torch.tensor([run.dw, run.db], dtype=DTYPES[run.inputs.dtype])
    by_w, by_b = verdicts(gradients, torch.tensor(truth, dtype=torch.float64), _is_cut(run)).tolist()
    return VERDICTS[by_w], VERDICTS[by_b]


def is_floored(run: Run) -> bool:
    """Whether the loss's own local derivative at ŷ has lost half of its digits: binary_cross_entropy's floor.

    It divides by ŷ·(1 − ŷ), but by no less than 1e-12; the factor by hand is the same quotient without a floor.
    """
    dtype, without = run.inputs.dtype, run.by_hand.dL_dy_pred
    at_loss = [e.local for e in run.graph.edges if (e.consumer, e.input) == ("loss", "y_pred")]
    return any(isinstance(local, float) and _is_lost(local, without, dtype) for local in at_loss)


def is_flat(run: Run) -> bool:
    """Whether ŷ has too few digits left for the gradient at z: the factors by hand, without a floor, lose it too."""
    return _is_lost(run.by_hand.db, exact_gradients(run.inputs)[1], run.inputs.dtype)


def is_moved_by_z(run: Run) -> bool:
    """Whether more than half of the error in the gradient at z is there in z already, before σ is taken."""
    one, none, z, y = torch.tensor([1.0, 0.0, run.z, run.inputs.y], dtype=torch.float64).unbind()
    truth = exact_gradients(run.inputs)[1]
    return abs(float(exact(one, z, none, y)[1]) - truth) > abs(run.db - truth) / 2


def _is_lost(answer: float, truth: float, dtype: str) -> bool:
    """Whether half of the dtype's binary digits or more are gone."""
    off = ulp_distance(answer, truth, dtype) if math.isfinite(truth) else None
    return off is None or off >= 2 ** (_DIGITS[DTYPES[dtype]] // 2)


def _is_cut(run: Run) -> Tensor:
    """Whether the loss's clamp is flat here: torch's own local derivative there is 0."""
    return torch.tensor(any(edge.consumer == "clamp" and edge.local == 0 for edge in run.graph.edges))


def faulty(run: Run, found: Verdict) -> tuple[str, ...]:
    """Ids of the nodes and edges where it goes wrong, in the order in which it happens."""
    if found == "undefined":
        return _first_broken(run)
    if found == "clamped":
        return tuple(part for e in run.graph.edges if e.consumer == "clamp" for part in (e.consumer, e.id))
    return _first_lost(run) if found == "saturated" else ()


def _first_lost(run: Run) -> tuple[str, ...]:
    """The loss where its floor cuts, and what z goes through where that alone does not explain it."""
    floored = is_floored(run)
    wanted = ["y_pred"] * floored + ["z"] * (not floored or is_flat(run))
    return tuple(part for name in wanted for e in run.graph.edges if e.input == name for part in (e.consumer, e.id))


def _first_broken(run: Run) -> tuple[str, ...]:
    """Nodes that make inf or nan of finite numbers, what they made it from, and edges that make nan of 0 and inf."""
    nodes = {node.id: node for node in run.graph.nodes}
    forward: list[str] = []
    for node_id, edges in run.graph.edges_from().items():
        sources = [edge.input for edge in edges]
        if edges and _is_broken(nodes[node_id].value) and not any(_is_broken(nodes[s].value) for s in sources):
            forward += [*sources, node_id]
    backward = [e.id for e in run.graph.edges if _is_nan(e.gradient) and not _is_nan(nodes[e.consumer].gradient)]
    return (*forward, *backward)


def _is_broken(value: object) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)
