"""A link as a QR code: read back by another library, whatever the link."""

import io
import re
from xml.etree import ElementTree

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from components.drawing import qr

LINKS = (
    "http://localhost:8501/",
    "https://school.example/autograd/chain-rule?x=3&present=1&hide=answers,curves",
    "https://school.example/" + "x" * (qr.LONGEST - len("https://school.example/")),
)


def modules(svg: bytes) -> Image.Image:
    """The picture that a browser makes of the code: rows of black modules on white, eight pixels each."""
    root = ElementTree.fromstring(svg)
    side = int(root.attrib["viewBox"].split()[2])
    picture = Image.new("L", (side, side), 255)
    path = root[-1].attrib["d"]
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([^Mmh]*)", path):
        values = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        if command == "h":
            for module in range(int(values[0])):
                picture.putpixel((int(x) + module, int(y)), 0)
            x += values[0]
        else:
            x, y = (values[0], values[1]) if command == "M" else (x + values[0], y + values[1])
    return picture.resize((side * 8, side * 8), Image.Resampling.NEAREST)


@pytest.mark.parametrize("link", LINKS)
def test_a_code_is_read_back(link: str) -> None:
    assert [code.text for code in zxingcpp.read_barcodes(modules(qr.draw(link, "svg")))] == [link]


@settings(max_examples=15, deadline=None)
@given(st.from_regex(r"https?://[!-~]{1,200}", fullmatch=True))
def test_any_link_is_read_back(link: str) -> None:
    assert qr.is_link(link)
    assert [code.text for code in zxingcpp.read_barcodes(modules(qr.draw(link, "svg")))] == [link]


def test_black_on_white_with_a_quiet_zone() -> None:
    picture = modules(qr.draw(LINKS[1], "svg"))
    box = picture.point(lambda shade: 255 - shade).getbbox()
    assert box is not None
    assert min(box[:2]) == 8 * qr.QUIET
    root = ElementTree.fromstring(qr.draw(LINKS[1], "svg"))
    assert [path.attrib.get("fill", path.attrib.get("stroke")) for path in root] == ["#fff", "#000"]


def test_a_picture_is_large_enough_for_a_slide() -> None:
    picture = Image.open(io.BytesIO(qr.draw(LINKS[1], "png")))
    assert picture.width >= qr.PICTURE_PX
    assert [code.text for code in zxingcpp.read_barcodes(picture.convert("L"))] == [LINKS[1]]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "school.example",
        "javascript:alert(1)",
        "https://",
        "https://a b",
        "https://a\n",
        "https://é",
        LINKS[2] + "x",
    ],
)
def test_what_is_no_link_is_refused(text: str) -> None:
    assert not qr.is_link(text)
