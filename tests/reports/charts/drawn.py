"""Reads a chart that was drawn: what is written on it, and what it is drawn of."""

import re
from xml.etree.ElementTree import Element, fromstring

SVG = "{http://www.w3.org/2000/svg}"


def read(svg: str) -> Element:
    return fromstring(svg)  # noqa: S314 - our own drawing


def kinds(svg: str, kind: str) -> list[Element]:
    """Everything of a kind, in the order in which it is drawn."""
    return [one for one in read(svg).iter() if kind in one.attrib.get("class", "").split()]


def words(svg: str, kind: str = "") -> list[str]:
    """What is written on it, of a kind or all of it."""
    texts = kinds(svg, kind) if kind else read(svg).iter(f"{SVG}text")
    return [one.text or "" for one in texts]


def spots(element: Element) -> list[tuple[float, float]]:
    """The places that a path leads to, one after the other."""
    found: list[tuple[float, float]] = []
    for command, given in re.findall(r"([Mlcz])([^Mlcz]*)", element.attrib["d"]):
        if numbers := [float(word) for word in given.split()]:
            x, y = (0.0, 0.0) if command == "M" else found[-1]
            found.append((x + numbers[-2], y + numbers[-1]))
    return found
