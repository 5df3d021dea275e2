"""An address's query string as parameters."""

import re
from typing import Final
from urllib.parse import parse_qsl

LONGEST = 16_384
"""Characters of a query that are read; a longer one says nothing."""

MOST = 200
"""Parameters that are read; a query with more says nothing."""

_ESCAPED: Final = re.compile(r"^(amp;)+")
"""What is left before a name where a mail, or a page, has escaped `&` as `&amp;` once too often."""

Query = dict[str, list[str]]
"""Parameters by name, each with everything that it is given."""


def parse_query(text: str) -> Query:
    """The parameters of a query string, with or without its question mark; {} where it is too long."""
    if len(text) > LONGEST:
        return {}
    try:
        pairs = parse_qsl(text.removeprefix("?"), keep_blank_values=True, max_num_fields=MOST, errors="replace")
    except ValueError:
        return {}
    query: Query = {}
    for name, value in pairs:
        query.setdefault(_ESCAPED.sub("", name), []).append(value)
    return query
