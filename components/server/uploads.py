"""Files that a page is sent: `POST files/PATH`, of a bounded size, read one at a time and never written anywhere."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from components.live.route import is_same_origin
from components.pages.index import PATHS
from components.server import paths

PREFIX: Final = "files/"

MOST_AT_ONCE: Final = 4
"""Files that are on their way or wait to be read; of others it is said that the server is busy."""

SECONDS: Final = 60
"""For a file to arrive."""

READER: Final = ThreadPoolExecutor(1, thread_name_prefix="file")
"""One file is read at a time, beside everything else."""


class Uploads:
    """The files that are on their way."""

    def __init__(self) -> None:
        self.arriving = 0

    async def take(self, request: Request) -> Response:
        """What the page at this path says of the file."""
        page = PATHS.get(request.path_params["path"])
        if page is None or page.upload is None:
            return PlainTextResponse("Not found", status_code=404)
        if not is_same_origin(request.headers.get("origin", ""), request.headers.get("host", "")):
            return PlainTextResponse("Forbidden", status_code=403)
        if self.arriving >= MOST_AT_ONCE:
            return PlainTextResponse("Busy", status_code=503, headers={"Retry-After": "1"})
        self.arriving += 1
        try:
            async with asyncio.timeout(SECONDS):
                data = await _body(request, page.upload.largest)
            if data is None:
                return PlainTextResponse("Too large", status_code=413)
            loop = asyncio.get_running_loop()
            return JSONResponse(await loop.run_in_executor(READER, page.upload.take, data))
        except (TimeoutError, ClientDisconnect):
            return PlainTextResponse("Timeout", status_code=408)
        finally:
            self.arriving -= 1


async def _body(request: Request, largest: int) -> bytes | None:
    """The request's body; None as soon as it is larger than that."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > largest:
            return None
    return bytes(data)


UPLOADS: Final = Uploads()


def route() -> Route:
    """Where files are sent."""
    return Route(paths.route(f"{PREFIX}{{path}}"), UPLOADS.take, methods=["POST"])
