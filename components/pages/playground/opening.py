"""What a file becomes that the page is sent: a program, or why it is none."""

from components.notebook.read import UnreadableError, read


def take_file(data: bytes) -> dict[str, str]:
    """The program in a notebook or a script, and what is said of it; or why there is none."""
    try:
        return read(data)._asdict()
    except UnreadableError as error:
        return {"refused": str(error)}
