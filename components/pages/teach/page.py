"""The teacher's page: a plan of twenty minutes with the links that it needs."""

from dataclasses import dataclass

from components.address.form import Form
from components.pages import parts
from components.pages.content import static
from components.pages.page import Content, Page, Request


@dataclass(frozen=True, slots=True)
class Inputs:
    """Nothing can be set on this page."""


def update(_request: Request[Inputs]) -> Content:
    """The plan stands still."""
    return Content(static=static())


PAGE = Page(
    name="teach",
    title="Teach",
    path="teach",
    form=Form(make=Inputs, fields=(), presets={"the plan": Inputs()}),
    parts=(parts.LESSON,),
    update=update,
)
