"""The pages, in the order of the navigation. A new page is one entry here, and its folder."""

from collections.abc import Mapping
from typing import Any

from components.address.classroom import Vocabulary
from components.pages.chain_rule.page import PAGE as CHAIN_RULE
from components.pages.gradient_lab.page import PAGE as GRADIENT_LAB
from components.pages.neuron.page import PAGE as NEURON
from components.pages.page import Page
from components.pages.playground.page import PAGE as PLAYGROUND
from components.pages.recording.page import PAGE as RECORDING
from components.pages.teach.page import PAGE as TEACH
from components.pages.training.page import PAGE as TRAINING
from components.pages.vectors.page import PAGE as VECTORS

PAGES: Mapping[str, Page[Any]] = {
    page.name: page for page in (NEURON, CHAIN_RULE, VECTORS, GRADIENT_LAB, TRAINING, PLAYGROUND, RECORDING, TEACH)
}

PATHS: Mapping[str, Page[Any]] = {page.path: page for page in PAGES.values()}

VOCABULARY = Vocabulary(
    parts=tuple(dict.fromkeys(part.name for page in PAGES.values() for part in page.parts)),
    questions=tuple(dict.fromkeys(name for page in PAGES.values() for name in page.predictable)),
    stops=max(len(page.tour) for page in PAGES.values()),
)
"""What an address may say on every page: its classroom's words are kept from page to page."""
