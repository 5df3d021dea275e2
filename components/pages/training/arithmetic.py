"""The step that led to the cursor, as lines of mathematics with its numbers: what torch.optim computed."""

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from components.drawing import numbers
from components.pages.training import optimizers
from components.pages.training.descent import Setup, State


class Step(NamedTuple):
    """One parameter's step: its name, where it was and is, its gradient, and what the optimiser kept before and after.

    `settings` are the optimiser's own arguments, torch's defaults among them.
    """

    name: str
    before: float
    after: float
    gradient: float
    kept_before: Mapping[str, float]
    kept: Mapping[str, float]
    settings: Mapping[str, Any]


Line = str
"""One line of notation: values between ‹ and ›, gradients between « and »."""


def lines(setup: Setup, before: State | None, state: State) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The lines of w's step and of b's, none at the start."""
    if before is None or state.w_grad is None or state.b_grad is None:
        return (), ()
    settings = _settings(setup.optimizer, setup.lr, setup.momentum)
    w = Step("w", before.w, state.w, state.w_grad, before.kept[0], state.kept[0], settings)
    b = Step("b", before.b, state.b, state.b_grad, before.kept[1], state.kept[1], settings)
    write = _WRITERS[setup.optimizer]
    return write(w), write(b)


@lru_cache(maxsize=64)
def _settings(name: str, lr: float, momentum: float) -> Mapping[str, Any]:
    return optimizers.settings(name, lr, momentum)


def _sgd(step: Step) -> tuple[Line, ...]:
    return (_moved(step, f"{_n(step.settings['lr'])} · {_g(step.gradient)}", "lr · g"),)


def _momentum(step: Step) -> tuple[Line, ...]:
    v = step.kept["momentum_buffer"]
    return _velocity(step), _moved(step, f"{_n(step.settings['lr'])} · {_v(v)}", "lr · v")


def _nesterov(step: Step) -> tuple[Line, ...]:
    lr, mu, v = step.settings["lr"], step.settings["momentum"], step.kept["momentum_buffer"]
    ahead = f"{_n(lr)} · ({_g(step.gradient)} + {_n(mu)} · {_v(v)})"
    return _velocity(step), _moved(step, ahead, "lr · (g + μ · v)")


def _velocity(step: Step) -> Line:
    """torch's first velocity is the gradient itself."""
    v, mu = step.kept["momentum_buffer"], step.settings["momentum"]
    if "momentum_buffer" not in step.kept_before:
        return f"v = g = {_g(v)}"
    return f"v ← μ · v + g = {_n(mu)} · {_v(step.kept_before['momentum_buffer'])} + {_g(step.gradient)} = {_v(v)}"


def _rmsprop(step: Step) -> tuple[Line, ...]:
    lr, alpha, eps = (step.settings[name] for name in ("lr", "alpha", "eps"))
    s = step.kept["square_avg"]
    average = _average("s", alpha, step.kept_before.get("square_avg", 0.0), s, _squared(step))
    return average, _moved(step, f"{_n(lr)} · {_g(step.gradient)} / (√{_v(s)} + {_n(eps)})", "lr · g / (√s + ε)")


def _adam(step: Step) -> tuple[Line, ...]:
    return (*_moments(step), _moved(step, _adam_step(step), "lr · m̂ / (√v̂ + ε)"))


def _adamw(step: Step) -> tuple[Line, ...]:
    lr, decay = step.settings["lr"], step.settings["weight_decay"]
    shrunk = f"{_n(lr)} · {_n(decay)} · {_v(step.before)}"
    moved = _moved(step, f"{shrunk} − {_adam_step(step)}", f"lr · λ · {step.name} − lr · m̂ / (√v̂ + ε)")
    return (*_moments(step), moved)


def _moments(step: Step) -> tuple[Line, ...]:
    (first, second), t = step.settings["betas"], int(step.kept["step"])
    m, v = step.kept["exp_avg"], step.kept["exp_avg_sq"]
    m_before, v_before = step.kept_before.get("exp_avg", 0.0), step.kept_before.get("exp_avg_sq", 0.0)
    return (
        _average("m", first, m_before, m, ("g", _g(step.gradient))),
        _average("v", second, v_before, v, _squared(step)),
        f"m̂ = m / (1 − {_n(first)}^{t}) = {_v(corrected(m, first, t))}",
        f"v̂ = v / (1 − {_n(second)}^{t}) = {_v(corrected(v, second, t))}",
    )


def _adam_step(step: Step) -> str:
    (first, second), t = step.settings["betas"], int(step.kept["step"])
    m, v = corrected(step.kept["exp_avg"], first, t), corrected(step.kept["exp_avg_sq"], second, t)
    return f"{_n(step.settings['lr'])} · {_v(m)} / (√{_v(v)} + {_n(step.settings['eps'])})"


def corrected(average: float, beta: float, steps: int) -> float:
    """A running average that began at 0, divided by the weight that it has collected."""
    return average / (1 - beta**steps)


def _average(name: str, beta: float, before: float, after: float, new: tuple[str, str]) -> Line:
    """A running average: `new` is what goes into it, in symbols and in numbers."""
    rest, (symbol, said) = _n(float(f"{1 - beta:.6g}")), new
    taken = f"{_n(beta)} · {_v(before)} + {rest} · {said}"
    return f"{name} ← {_n(beta)} · {name} + {rest} · {symbol} = {taken} = {_v(after)}"


def _moved(step: Step, amount: str, symbols: str) -> Line:
    return f"{step.name} ← {step.name} − {symbols} = {_v(step.before)} − {amount} = {_v(step.after)}"


def _squared(step: Step) -> tuple[str, str]:
    return "g^2", f"{_g(step.gradient)}^2"


def _n(value: float) -> str:
    """A setting, as short as it is written in a program."""
    return numbers.signed_text(f"{value:.6g}")


def _v(value: float) -> str:
    return f"‹{_bracketed(_digits(value))}›"


def _g(value: float) -> str:
    return f"«{_bracketed(_digits(value))}»"


def _digits(value: float) -> str:
    """Five significant digits, so that the lines can be worked out as they stand."""
    return numbers.signed_text(f"{value:.5g}") if math.isfinite(value) else numbers.text(value)


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith(numbers.MINUS) else text


_WRITERS: dict[str, Callable[[Step], tuple[Line, ...]]] = {
    "sgd": _sgd,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "rmsprop": _rmsprop,
    "adam": _adam,
    "adamw": _adamw,
}
