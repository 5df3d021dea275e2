"""A path that is no page's: the browser is sent to the first page, and what it asked for stands behind the `#`."""

from typing import Final
from urllib.parse import quote

from starlette.responses import RedirectResponse
from starlette.types import Scope

from components.pages.index import PATHS
from components.server import paths

LONGEST: Final = 40
"""Characters of a path that a page repeats."""


def redirection(scope: Scope) -> RedirectResponse | None:
    """Where a request for a page is sent instead, relative to its own path; None for the path of a page."""
    path = paths.below_base(scope["path"])
    if path in PATHS:
        return None
    up = "../" * path.count("/") or "./"
    page = path.strip("/").lower()
    target = f"{up}{page}" if page in PATHS else up
    asked = "" if page in PATHS else f"#/{quote(path.strip('/')[:LONGEST], safe='/')}"
    query = scope["query_string"].decode("latin-1")
    return RedirectResponse(target + (f"?{query}" if query else "") + asked)
