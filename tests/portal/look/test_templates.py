"""Everything that is passed to templates is used: every attribute, slot, block and address."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portal.workspace_urls import urlpatterns as workspace_addresses

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = ROOT / "site" / "portal" / "templates"
COMPONENTS = TEMPLATES / "cotton"

CODE = r"\{%.*?%\}|\{\{.*?\}\}"
TAG = re.compile(rf'<(/?)c-([\w.-]+)((?:{CODE}|"(?:{CODE}|[^"])*"|[^"<>{{])*?)(/?)>', re.DOTALL)
ATTRIBUTE = re.compile(rf'(:?)([\w-]+)\s*(?:=\s*"(?:{CODE}|[^"])*"|(?=\s|$))|{CODE}', re.DOTALL)
COMMENT = re.compile(r"\{% comment %\}.*?\{% endcomment %\}|\{#.*?#\}", re.DOTALL)


def source_of(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def named(attributes: str) -> set[str]:
    return {found[2] for found in ATTRIBUTE.finditer(attributes) if found[2]}


@dataclass
class Use:
    """A use of a component in a template: the names of its attributes and slots, and its content."""

    component: str
    given: set[str]
    inside: str = ""


def uses_of(text: str) -> Iterator[Use]:
    """Yield every use of a component in a template, in the order of the closing tags."""
    open_: list[tuple[Use, int]] = []
    slots: list[int] = []
    for tag in TAG.finditer(text):
        closing, name, attributes, single = tag.groups()
        if name == "vars":
            continue
        if name == "slot":
            if closing:
                owner = open_[-1][0]
                owner.inside = owner.inside.replace(text[slots.pop() : tag.end()], "")
            else:
                slots.append(tag.start())
                slot = re.search(r'name="([^"]+)"', attributes)
                assert slot, attributes
                open_[-1][0].given.add(slot[1])
        elif closing:
            use, begin = open_.pop()
            assert use.component == name, (use.component, name)
            content = re.sub(r"<c-slot\b.*?</c-slot>", "", text[begin : tag.start()], flags=re.DOTALL)
            use.inside = content.strip()
            yield use
        else:
            use = Use(name, named(attributes))
            if single:
                yield use
            else:
                open_.append((use, tag.end()))
    assert not open_, [use.component for use, _begin in open_]


@dataclass(frozen=True)
class Component:
    """The names that a component declares in `c-vars`, and the names in the rest of it."""

    declared: frozenset[str]
    read: frozenset[str]

    @classmethod
    def at(cls, path: Path) -> "Component":
        text = source_of(path)
        variables = next((tag for tag in TAG.finditer(text) if tag[2] == "vars"), None)
        rest = text.replace(variables[0], "") if variables else text
        code = " ".join(re.findall(rf'{CODE}|:[\w-]+="[^"]*"', rest, re.DOTALL))
        return cls(frozenset(named(variables[3]) if variables else ()), frozenset(re.findall(r"[A-Za-z_]\w*", code)))


def component_files() -> dict[str, Path]:
    return {path.stem: path for path in COMPONENTS.rglob("*.html")}


def all_templates() -> list[Path]:
    rooms = (TEMPLATES, ROOT / "reports", ROOT / "standards")
    return sorted(path for room in rooms for path in room.rglob("*.html"))


def unread_in(text: str, components: dict[str, Component]) -> list[str]:
    """Return what is passed to the components of a template and never read."""
    lost = []
    for use in uses_of(text):
        component = components.get(use.component.replace("-", "_"))
        if component is None:
            lost.append(f"{use.component}: there is no such component")
            continue
        reads_all = "attrs" in component.read
        lost += [
            f"{use.component}: {name} is never read"
            for name in sorted(use.given)
            if name not in component.read and not (reads_all and name not in component.declared)
        ]
        if use.inside and "slot" not in component.read:
            lost.append(f"{use.component}: its content is never drawn")
    return lost


def test_every_slot_and_attribute_is_read_by_its_component():
    components = {name: Component.at(path) for name, path in component_files().items()}
    lost = {
        str(path.relative_to(ROOT)): found
        for path in all_templates()
        if (found := unread_in(source_of(path), components))
    }
    assert lost == {}


def test_a_slot_of_another_name_is_found():
    """This mistake hid the link to a second round."""
    components = {"head": Component(frozenset({"moves"}), frozenset({"moves", "title"}))}
    page = '<c-head :title="title"><c-slot name="moves_slot"><a href="{% url "x" %}">Open</a></c-slot></c-head>'
    assert unread_in(page, components) == ["head: moves_slot is never read"]
    assert unread_in('<c-head title="{% url "a" %}" kind="b">more</c-head>', components) == [
        "head: kind is never read",
        "head: its content is never drawn",
    ]


def test_every_declared_attribute_of_a_component_is_read():
    unread = {
        name: found
        for name, path in component_files().items()
        if (found := sorted((component := Component.at(path)).declared - component.read))
    }
    assert unread == {}


BOUND = re.compile(rf'(?:^|\s):([\w-]+)="(?:{CODE}|[^"])*"', re.DOTALL)


def unescaped_in(text: str, components: dict[str, Component]) -> list[str]:
    """Return the unescaped values that reach `attrs` of a component: cotton escapes quoted ones, but not `:name`."""
    return [
        f"{name}: {attribute}"
        for closing, name, attributes, _single in TAG.findall(text)
        if not closing and (component := components.get(name.replace("-", "_"))) and "attrs" in component.read
        for attribute in BOUND.findall(attributes)
        if attribute not in component.declared
    ]


def test_no_value_goes_through_a_component_to_an_element_unescaped():
    components = {name: Component.at(path) for name, path in component_files().items()}
    found = {str(path.relative_to(ROOT)): unescaped_in(source_of(path), components) for path in all_templates()}
    assert {path: attributes for path, attributes in found.items() if attributes} == {}
    form = {"form": Component(frozenset({"form"}), frozenset({"form", "attrs"}))}
    assert unescaped_in('<c-form :form="form" :action="there" id="{{ id }}">x</c-form>', form) == ["form: action"]


def test_every_component_is_drawn_somewhere():
    drawn = {use.component.replace("-", "_") for path in all_templates() for use in uses_of(source_of(path))}
    assert set(component_files()) - drawn == set()


# --- Markup of components --------------------------------------------------------------------------------------------

MARKUP = {
    "form": r'<form\b[^>]*method="post"',
    "sheet": r'<section class="sheet[^>]*>\s*(?:<header>\s*)?<h2',
    "table": r"<table\b",
    "scroll": r'class="scroll[ "]',
    "side_block": r'<div class="side-block',
    "empty": r'<div class="empty',
    "page_head": r'<div class="page-head',
}
"""The markup that a component of this name draws."""

WRITTEN_OUT = {
    ("accounts/invitation_known.html", "form"): "the class of the form depends on whether it has fields",
    ("standards/begin_edition.html", "form"): "a page of Wagtail, which has its own components",
    ("standards/release_edition.html", "form"): "a page of Wagtail, which has its own components",
    ("standards/files.html", "form"): "a page of Wagtail, which has its own components",
    ("standards/links.html", "form"): "a page of Wagtail, which has its own components",
    ("standards/mapping.html", "form"): "a page of Wagtail, which has its own components",
    ("standards/languages.html", "form"): "a page of Wagtail, which has its own components",
    ("standards/languages.html", "table"): "a page of Wagtail, which has its own components",
    ("standards/review_language.html", "form"): "a page of Wagtail, which has its own components",
    ("standards/review_language.html", "table"): "a page of Wagtail, which has its own components",
    ("standards/review_passages.html", "form"): "a page of Wagtail, which has its own components",
    ("standards/_translation_comparison.html", "form"): "in a page of Wagtail, which has its own components",
    ("texts/text.html", "form"): "a page of Wagtail, which has its own components",
    ("texts/texts.html", "form"): "a page of Wagtail, which has its own components",
    ("texts/texts.html", "table"): "a page of Wagtail, which has its own components",
    ("standards/_draft_pdf.html", "form"): "in a page of Wagtail, which has its own components",
    ("standards/tree.html", "table"): "a page of Wagtail, which has its own components",
    ("standards/_approvals.html", "table"): "in a page of Wagtail, which has its own components",
    ("base.html", "page_head"): "for pages of packages, which fill its blocks",
    ("visits/findings.html", "page_head"): "as narrow as the form below it",
    ("visits/divergences.html", "page_head"): "as narrow as the forms below it",
    ("visits/recording.html", "page_head"): "kept on a device without data, which its script fills in",
    ("recommendations/recommendation.html", "page_head"): "tags stand above its heading",
    ("cotton/button_form.html", "form"): "a component itself",
    ("figures/mapping/columns.html", "sheet"): "the heading names the list in it, not the section",
    ("cotton/account.html", "table"): "its head depends on what is added up",
    ("cotton/figures_table.html", "table"): "its language is marked where it is not that of the page",
    ("cotton/figures_table.html", "scroll"): "its language is marked where it is not that of the page",
    ("cotton/month.html", "table"): "a calendar, with a caption",
    ("public/figures_block.html", "table"): "a body for each series",
}
"""By template and component, the reason for which a template has the markup itself."""


def test_no_template_writes_out_what_a_component_draws():
    found = {
        (str(path.relative_to(TEMPLATES)), name)
        for path in TEMPLATES.rglob("*.html")
        for name, markup in MARKUP.items()
        if path != COMPONENTS / f"{name}.html" and re.search(markup, source_of(path), re.DOTALL)
    }
    assert found == set(WRITTEN_OUT)


# --- Blocks and inclusions -----------------------------------------------------------------------------------------

BLOCK = re.compile(r"\{% block (\w+) %\}")
PARENT = re.compile(r'\{% extends "([^"]+)" %\}')
INCLUDED = re.compile(r'\{% include "([^"]+)"(?: with ([^%]*?))?( only)? ?%\}')


def blocks_above(path: Path) -> set[str] | None:
    """Return the blocks of the templates that this one extends; None if one of them is not ours."""
    text = source_of(path)
    parent = PARENT.search(text)
    if not parent:
        return set()
    above = TEMPLATES / parent[1]
    if not above.exists():
        return None
    further = blocks_above(above)
    return None if further is None else further | set(BLOCK.findall(source_of(above)))


def test_every_block_stands_in_a_template_above():
    """A block that no parent has is never drawn, without any error."""
    lost = {}
    for path in TEMPLATES.rglob("*.html"):
        text = source_of(path)
        above = blocks_above(path)
        if not PARENT.search(text) or above is None:
            continue
        inner = re.findall(r"\{% block (\w+) %\}(?:(?!\{% endblock).)*?(?=\{% block (\w+) %\})", text, re.DOTALL)
        nested = {name for _outer, name in inner}
        if found := sorted(set(BLOCK.findall(text)) - above - nested):
            lost[str(path.relative_to(TEMPLATES))] = found
    assert lost == {}


def parts_of(text: str) -> list[str]:
    """Return the outermost blocks of a template that extends another, and what is outside of them."""
    parts, depth = [""], 0
    for piece in re.split(r"(\{% (?:end)?block(?: \w+)? %\})", text):
        if piece.startswith("{% block "):
            depth += 1
            parts += [""] if depth == 1 else []
        elif piece.startswith("{% endblock"):
            depth -= 1
        else:
            place = -1 if depth else 0
            parts[place] += piece
    return parts


def lost_between_blocks(text: str) -> list[str]:
    """Return the names that one block sets by `as` and another one reads: they are gone at the end of the block."""
    lost = set()
    parts = parts_of(text)
    for part in parts:
        code = " ".join(
            re.sub(r""""[^"]*"|'[^']*'""", "", found) for found in re.findall(CODE, part, re.DOTALL)
        ) + " ".join(re.findall(r':[\w-]+="([^"]*)"', part))
        read = set(re.findall(r"(?<![\w.])[a-z]\w*", code))
        named_here = re.findall(r"\bas (\w+) %\}|\b(\w+)=|\{% for (\w+)(?:, (\w+))* in ", part)
        set_elsewhere = {name for one in parts if one is not part for name in re.findall(r"\bas (\w+) %\}", one)}
        lost |= (read & set_elsewhere) - {name for found in named_here for name in found}
    return sorted(lost)


def test_no_block_reads_what_only_another_block_sets():
    """This mistake made a link back that led nowhere."""
    pages = {path: source_of(path) for path in all_templates()}
    lost = {
        str(path.relative_to(ROOT)): found
        for path, text in pages.items()
        if PARENT.search(text) and (found := lost_between_blocks(text))
    }
    assert lost == {}
    head = '{% block head %}{% url "x" as back %}{% endblock head %}'
    assert lost_between_blocks(head + '{% block content %}<a href="{{ back }}">{% endblock content %}') == ["back"]
    assert lost_between_blocks('{% url "x" as back %}{% block a %}<c-a :url="back" />{% endblock %}') == ["back"]
    assert lost_between_blocks(head + '{% block a %}{% url "y" as back %}{{ back }}{% endblock a %}') == []


def words_of_included(path: Path) -> set[str]:
    """Return the names that are read by a template or by one that it includes, recursively."""
    text = source_of(path)
    read = set(re.findall(r"[A-Za-z_]\w*", " ".join(re.findall(rf'{CODE}|:[\w-]+="[^"]*"', text, re.DOTALL))))
    for name, _given, _only in INCLUDED.findall(text):
        if (further := TEMPLATES / name).exists() and further != path:
            read |= words_of_included(further)
    return read


def test_every_name_given_to_an_included_template_is_read():
    lost = {}
    for path in TEMPLATES.rglob("*.html"):
        for name, given, _only in INCLUDED.findall(source_of(path)):
            if not (TEMPLATES / name).exists():
                continue
            names = set(re.findall(r"(\w+)=", given))
            if unread := sorted(names - words_of_included(TEMPLATES / name)):
                lost[f"{path.relative_to(TEMPLATES)} > {name}"] = unread
    assert lost == {}


# --- Addresses -------------------------------------------------------------------------------------------------------


def literal_ends() -> dict[str, list[str]]:
    """Return the last fixed word of each address of the workspace, before the part for an object: `vote`, `move`."""
    return {
        entry.name: re.findall(r"(?:^|/)([a-z-]+)/(?:<[^/]*>/)?$", str(entry.pattern))[-1:]
        for entry in workspace_addresses
    }


def test_every_address_of_the_workspace_is_written_into_a_page():
    """By its name, or as the end of a form's address: `{{ here }}vote/`."""
    pages = " ".join(source_of(path) for path in all_templates())
    views = " ".join(path.read_text(encoding="utf-8") for path in (ROOT / "site" / "portal").rglob("*.py"))
    by_name = set(re.findall(r"[\"']workspace:(\w+)[\"']", pages + views))
    by_end = set(re.findall(r"\}\}([a-z-]+)/", pages))
    missed = [name for name, ends in literal_ends().items() if name not in by_name and not by_end & set(ends)]
    assert missed == []


# --- Times -----------------------------------------------------------------------------------------------------------

TIME = re.compile(r'\|(?:date|time):"(?:SHORT_)?(?:DATE)?TIME_FORMAT"(?!.{0,80}\|date:"T")')


def test_every_time_is_shown_with_its_zone():
    """With the filter `zoned`, or followed by the zone."""
    templates = [*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.txt")]
    bare = {
        str(path.relative_to(TEMPLATES)): found
        for path in templates
        if (found := TIME.findall(" ".join(source_of(path).split())))
    }
    assert bare == {}
    assert TIME.search('{{ letter.sent_at|date:"DATETIME_FORMAT" }}')


# --- Times -----------------------------------------------------------------------------------------------------------

BARE_TIME = re.compile(r'\|(?:date|time):"(?:[^"\\]*[HgGh]:i|P|(?:SHORT_)?(?:DATE)?TIME_FORMAT)"(?! zone=)')
"""A time without its zone, except the machine-readable format."""


def test_a_time_is_written_in_the_form_of_the_language_with_its_zone():
    """By `zoned` on the server, and by `clock.js` in the browser, which otherwise uses the device's format."""
    bare = {path.name: found for path in all_templates() if (found := BARE_TIME.findall(source_of(path)))}
    scripts = (ROOT / "site" / "portal" / "static" / "portal" / "js").rglob("*.js")
    assert bare == {}
    assert [path.name for path in scripts if "toLocale" in path.read_text(encoding="utf-8")] == []
