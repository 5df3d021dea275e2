"""How large a recording, and each thing in it, may be."""

LARGEST_FILE = 4_000_000
"""Bytes of the whole recording."""

DEEPEST = 12
"""Brackets within brackets; a recording has seven, a saved graph one more for each dimension of a tensor."""

MOST_NODES = 5_000
"""Nodes of all backward passes together."""

MOST_MOMENTS = MOST_NODES
"""Backward passes, each of one node at least."""

MOST_EDGES = 50_000
"""Edges of one backward pass."""

MOST_NUMBERS = 16
"""Numbers that are listed of one tensor."""

MOST_LISTED = 2_000
"""Numbers and lists in one entry of a graph that the app has saved."""

MOST_DIMENSIONS = 64
LONGEST_DIMENSION = 2**63 - 1
LAST_LINE = 10_000_000

LONGEST_NAME = 500
"""Characters of an id, an operation, a variable or the path of a module."""

LONGEST_SOURCE = 200
"""Characters of a line of source."""

LONGEST_DIGITS = 40
"""Characters of one number."""
