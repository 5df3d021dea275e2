"""Why a program did not run, or was stopped."""


class RefusedError(Exception):
    """A program outside the allowed language: nothing of it has run. Says the line (None: the whole) and a sentence.

    `error` is what Python itself raised at its text, where it did.
    """

    def __init__(self, line: int | None, text: str, error: SyntaxError | None = None) -> None:
        super().__init__(text)
        self.line, self.text, self.error = line, text, error


class LimitError(BaseException):
    """A program has reached a limit. No `except` of a program's own can catch it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text
