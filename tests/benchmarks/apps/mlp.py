"""Serves the MLP's page in the neuron's place, with everything else of this app."""

from typing import Any, cast

import streamlit as st

from components.live import route as live
from components.pages.index import PAGES, PATHS
from components.server import files, guard, headers, paths, start, static
from tests.benchmarks.mlp_page import PAGE
from tests.serving import ROOT

for pages, name in ((PAGES, PAGE.name), (PATHS, PAGE.path)):
    cast(dict[str, Any], pages)[name] = PAGE

app = st.App(
    ROOT / "components" / "main.py",
    lifespan=start.lifespan,
    routes=[files.route(), live.route(paths.route(live.PATH))],
    middleware=[headers.middleware(), guard.middleware(), static.middleware()],
)
