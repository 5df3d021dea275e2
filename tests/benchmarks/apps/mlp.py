"""Serves the MLP's page with this app's own files and server settings."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import streamlit as st

from components.server import files, headers, start
from tests.benchmarks import mlp_message


@contextlib.asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """Like the app's own: what a first visit needs is there before it."""
    mlp_message.answer({})
    async with start.lifespan(app):
        yield


app = st.App("mlp_page.py", lifespan=lifespan, routes=[files.route()], middleware=[headers.middleware()])
