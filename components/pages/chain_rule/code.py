"""The code that the Chain rule page shows and runs: what it shows is read from these functions' own source."""
# `dy_dx` and `dz_dx` stand here as in the notebook, letter by letter, and the others are written as a student would:
# nothing may format, annotate or document them.
# ruff: noqa: D103  # shown as a student writes them, without docstrings
# mypy: disable-error-code="no-untyped-def, no-untyped-call"
# fmt: off

import math

import torch


def dy_dx(x):
    return 2 * x


def dz_dx(x):
    return 2 * x + math.cos(x ** 2)


def dz_dx_by_hand(x):
    return 2 * x * math.cos(x ** 2)


def forward(number):
    x = torch.tensor(number, requires_grad=True)
    y = x ** 2
    z = torch.sin(y)
    return x, y, z


def x_grad_of_z(x, z):
    z.backward()
    return x.grad


def x_grad_of_y(x, y):
    y.backward()
    return x.grad


def y_grad(number):
    _, y, z = forward(number)
    z.backward()
    return y.grad


def y_grad_retained(number):
    _, y, z = forward(number)
    y.retain_grad()
    z.backward()
    return y.grad
