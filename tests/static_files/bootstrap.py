"""`python -m tests.static_files.bootstrap`: writes the rules of Bootstrap that our pages can use, of 5.3's whole sheet.

A rule is kept for those of its selectors whose classes all stand in a quoted word of a template, a module of Python or a
script. That keeps a few rules too many and none too few; a class put together from parts must stand somewhere in one
piece. A test makes the selection again: run this after a page uses a class of Bootstrap for the first time.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import tinycss2
from tinycss2.ast import AtRule, Node, QualifiedRule

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "site" / "portal"
WHOLE = Path(__file__).parent / "bootstrap.min.css"
SELECTION = PORTAL / "static" / "portal" / "vendor" / "bootstrap" / "bootstrap.css"
HEAD = "/*! Bootstrap 5.3, MIT, see LICENSE: the rules that these pages use, selected by tests/static_files/bootstrap.py */\n"
QUOTED = re.compile(r'"([^"]*)"|\'([^\']*)\'')
WORD = re.compile(r"[a-zA-Z][\w-]*")


def quoted_words() -> set[str]:
    """Every word that stands in quotes somewhere in what makes our pages."""
    texts: list[str] = []
    for room in ("standards", "evaluation", "reports", "site/portal"):
        for path in (ROOT / room).rglob("*.html"):
            texts += _quoted(path.read_text("utf-8"))
        for path in (ROOT / room).rglob("*.py"):
            tree = ast.parse(path.read_text("utf-8"))
            strings = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
            texts += [value for value in strings if isinstance(value, str)]
    for path in (PORTAL / "static" / "portal" / "js").rglob("*.js"):
        texts += _quoted(path.read_text("utf-8"))
    return {word for text in texts for word in WORD.findall(text)}


def _quoted(text: str) -> list[str]:
    # A quotation inside a template's tag ends the one around it: both halves are found.
    return [first or second for first, second in QUOTED.findall(text)] + re.findall(r'class="(.*?)"[ >/]', text)


def select(nodes: Iterable[Node], words: set[str]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, QualifiedRule):
            if kept := [one for one in _selectors(node.prelude) if set(_classes(one)) <= words]:
                yield f"{','.join(kept)}{{{tinycss2.serialize(node.content)}}}"
        elif isinstance(node, AtRule) and node.lower_at_keyword in ("media", "supports"):
            inner = "".join(select(tinycss2.parse_rule_list(node.content, True, True), words))
            if inner:
                yield f"@{node.at_keyword}{tinycss2.serialize(node.prelude)}{{{inner}}}"
        elif isinstance(node, AtRule):
            yield node.serialize()


def _selectors(prelude: list[Node]) -> list[str]:
    """The selectors of a list; a comma inside brackets belongs to a block and divides nothing."""
    parts: list[list[Node]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [tinycss2.serialize(part).strip() for part in parts]


def _classes(selector: str) -> list[str]:
    return re.findall(r"\.([a-zA-Z][\w-]*)", selector)


def unused_keyframes_left_out(css: str) -> str:
    for name in re.findall(r"@keyframes ([\w-]+)", css):
        if not re.search(rf"animation[\w-]*:[^;}}]*{name}", css):
            css = re.sub(rf"@keyframes {name}\{{(?:[^{{}}]*\{{[^{{}}]*\}})*[^{{}}]*\}}", "", css)
    return css


def selection() -> str:
    rules = tinycss2.parse_stylesheet(WHOLE.read_text("utf-8"), skip_comments=True, skip_whitespace=True)
    return HEAD + unused_keyframes_left_out("\n".join(select(rules, quoted_words()))) + "\n"


if __name__ == "__main__":
    SELECTION.write_text(selection(), "utf-8")
    print(f"{SELECTION.relative_to(ROOT)}: {SELECTION.stat().st_size:,} of {WHOLE.stat().st_size:,} bytes")
