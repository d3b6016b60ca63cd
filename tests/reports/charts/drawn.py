"""Reads a drawn chart: its texts, and its elements."""

import re
from xml.etree.ElementTree import Element, fromstring

SVG = "{http://www.w3.org/2000/svg}"


def read(svg: str) -> Element:
    return fromstring(svg)  # noqa: S314 - our own drawing


def kinds(svg: str, kind: str) -> list[Element]:
    """Return the elements of a kind, in the order in which they are drawn."""
    return [one for one in read(svg).iter() if kind in one.attrib.get("class", "").split()]


def words(svg: str, kind: str = "") -> list[str]:
    """Return the texts of a kind, or all of them."""
    texts = kinds(svg, kind) if kind else read(svg).iter(f"{SVG}text")
    return [one.text or "" for one in texts]


def points_of(element: Element) -> list[tuple[float, float]]:
    """Return the points of a path in order."""
    found: list[tuple[float, float]] = []
    for command, given in re.findall(r"([Mlcz])([^Mlcz]*)", element.attrib["d"]):
        if numbers := [float(word) for word in given.split()]:
            x, y = (0.0, 0.0) if command == "M" else found[-1]
            found.append((x + numbers[-2], y + numbers[-1]))
    return found
