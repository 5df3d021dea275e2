"""An address's query string as parameters."""

from urllib.parse import parse_qs

LONGEST = 16_384
"""Characters of a query that are read; a longer one says nothing."""

MOST = 200
"""Parameters that are read; a query with more says nothing."""

Query = dict[str, list[str]]
"""Parameters by name, each with everything that it is given."""


def parse_query(text: str) -> Query:
    """The parameters of a query string, with or without its question mark; {} where it is too long."""
    if len(text) > LONGEST:
        return {}
    try:
        return parse_qs(text.removeprefix("?"), keep_blank_values=True, max_num_fields=MOST, errors="replace")
    except ValueError:
        return {}
