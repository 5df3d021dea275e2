"""Files that leave compressed."""

import asyncio
import gzip
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.datastructures import Headers

from components.server.compression import GzipFiles

CONTENT = b"text " * 100


def ask(files: GzipFiles, encodings: str) -> tuple[bytes, Headers]:
    answer = asyncio.run(files.response("a.js", "text/javascript", Headers({"accept-encoding": encodings}), {"X": "y"}))
    return bytes(answer.body), answer.headers


@pytest.mark.parametrize(("encodings", "encoding"), [("gzip, deflate, br", "gzip"), ("br", None), ("", None)])
def test_a_file_is_packed_for_those_who_take_that(encodings: str, encoding: str | None) -> None:
    body, headers = ask(GzipFiles(lambda _: CONTENT), encodings)
    assert (gzip.decompress(body) if encoding else body) == CONTENT
    assert headers.get("content-encoding") == encoding
    assert headers["content-length"] == str(len(body))
    assert headers["vary"] == "Accept-Encoding"
    assert headers["x"] == "y"


def test_a_file_is_packed_once_however_many_come_at_once() -> None:
    reads: list[str] = []
    together = threading.Barrier(8)

    def read(name: str) -> bytes:
        reads.append(name)
        return CONTENT

    def ask_at_once(_number: int) -> bytes:
        together.wait()
        return files.packed("a.js")

    files = GzipFiles(read)
    with ThreadPoolExecutor(8) as threads:
        answers = set(threads.map(ask_at_once, range(8)))
    assert len(answers) == 1
    assert reads == ["a.js"]


def test_a_file_that_cannot_be_read_is_asked_for_again() -> None:
    def read(_name: str) -> bytes:
        raise OSError("gone")

    files = GzipFiles(read)
    for _ in range(2):
        with pytest.raises(OSError, match="gone"):
            files.packed("a.js")
