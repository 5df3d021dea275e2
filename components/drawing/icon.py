"""The app's mark, for a browser's tab."""

from urllib.parse import quote

from components.drawing.palette import LIGHT

_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="8" fill="{grab}"/>'
    '<text x="16" y="24" font-family="Georgia, serif" font-style="italic" font-size="25" text-anchor="middle"'
    ' fill="{surface}">∂</text></svg>'
)


def address() -> str:
    """A partial-derivative sign on the colour of what can be grabbed, as a data address."""
    return "data:image/svg+xml," + quote(_SVG.format(**LIGHT))
