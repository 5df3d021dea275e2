"""`python -m components.sandbox`: programs from files and pipes, by the same rules and in the same kind of worker.

Exit status 0, 3 where one program was refused, 2 where there is nothing that can be read.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO, Final, NoReturn

from components.sandbox.frames import parse_object
from components.sandbox.limits import PoolLimits
from components.sandbox.pool import Pool
from components.sandbox.worker import Settings

REFUSED, UNREADABLE, INTERRUPTED = 3, 2, 130

ONE_AT_A_TIME: Final = PoolLimits(cores=1, slow=0, spares=1, workers=2)


class UnreadableError(Exception):
    """Something that is no program: says what, in one sentence."""


class Parser(argparse.ArgumentParser):
    """Says in one sentence what it cannot read."""

    def error(self, message: str) -> NoReturn:
        """The same exit status as for files that cannot be read."""
        raise UnreadableError(message)


def main(arguments: list[str], settings: Settings | None = None) -> int:
    """Run what the arguments name, print the answers, and give the exit status."""
    try:
        asked = parser().parse_args(arguments)
        with opened(asked.file) as source, Pool(settings, ONE_AT_A_TIME) as pool:
            answers = run_lines(pool, source) if asked.batch else run_one(pool, source)
            return REFUSED if write(answers) else 0
    except UnreadableError as error:
        print(f"{error}", file=sys.stderr)
        return UNREADABLE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python complains of it at its end
        return 0


def parser() -> argparse.ArgumentParser:
    """What may be said on the command line."""
    parser = Parser("python -m components.sandbox", description="Run a program as the Playground does; print JSON.")
    parser.add_argument("file", nargs="?", metavar="FILE", help="standard input where it is left out")
    parser.add_argument(
        "--batch", action="store_true", help='read JSON lines {"id", "code"}, print a JSON line for each'
    )
    return parser


def opened(name: str | None) -> BinaryIO:
    """The file of this name, or standard input."""
    try:
        return open(name, "rb") if name else sys.stdin.buffer
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UnreadableError(f"{name}: {reason}") from None


def run_one(pool: Pool, source: BinaryIO) -> Iterator[dict[str, Any]]:
    """The answer to one program."""
    yield pool.run("0", {"code": decoded(read(source), "The program")})


def run_lines(pool: Pool, source: BinaryIO) -> Iterator[dict[str, Any]]:
    """The answer to each line's program, every one in a worker of its own."""
    for number, line in enumerate(source, 1):
        if line.strip():
            program = parsed(line, number)
            yield {"id": program["id"], **pool.run(str(number), {"code": program["code"]})}
            pool.forget(str(number))


def parsed(line: bytes, number: int) -> dict[str, Any]:
    """The program of a line."""
    decoded(line, f"Line {number}")
    program = parse_object(line)
    if program is None or "id" not in program or not isinstance(program.get("code"), str):
        raise UnreadableError(f'Line {number} is not a JSON object with "id" and "code", a text.')
    return program


def read(source: BinaryIO) -> bytes:
    """All of a file."""
    try:
        return source.read()
    except OSError as error:
        raise UnreadableError(f"The program cannot be read: {error.strerror}") from None


def decoded(text: bytes, what: str) -> str:
    """Text in UTF-8."""
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError(f"{what} is not text in UTF-8.") from None


def write(answers: Iterator[dict[str, Any]]) -> bool:
    """Print each answer as soon as it is there; whether one program was refused."""
    is_refused = False
    for answer in answers:
        print(json.dumps(answer, allow_nan=False), flush=True)
        is_refused |= not answer["accepted"]
    return is_refused


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
