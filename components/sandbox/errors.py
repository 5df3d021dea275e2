"""Why a program did not run, or was stopped."""


class RefusedError(Exception):
    """A program outside the allowed language: nothing of it has run. Says the line (None: the whole) and a sentence."""

    def __init__(self, line: int | None, text: str) -> None:
        super().__init__(text)
        self.line, self.text = line, text


class LimitError(BaseException):
    """A program has reached a limit. No `except` of a program's own can catch it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text
