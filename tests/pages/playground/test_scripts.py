"""Every page's script runs in the playground, and prints there what it prints elsewhere."""

import pytest

from components.address.packed import LONGEST_LINK, unpack
from components.drawing import script
from components.pages.index import PAGES
from components.sandbox.run import handle

STATES = [(page.name, name) for page in PAGES.values() if page.script for name in page.form.presets]


@pytest.mark.parametrize(("page", "preset"), STATES)
def test_a_pages_script_runs_in_the_playground(page: str, preset: str) -> None:
    one = PAGES[page]
    assert one.script
    files = script.files(one.script(one.form.presets[preset]))
    packed = files["playground"].removeprefix("?code=")
    assert len(packed) <= LONGEST_LINK
    assert unpack(packed) == files["py"]
    answer = handle({"code": files["py"]})
    assert answer["refused"] is answer["limit"] is answer["error"] is None
    assert answer["printed"]
