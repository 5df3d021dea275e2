"""Tables of names are written as texts: a name a word."""


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())
