"""Read the traits and indicators of a draft edition that a condition of being asked can name."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models.fields.json import KeyTextTransform

from standards.drafts.typed_askings import AskableParts, draft_askable
from standards.framework import Scale, Wording

_FIELDS = ("code", "title", "measure", "source", "bands", "formula", "asked_if")
_DRAFT = "latest_revision__content"


def read_askable(edition_page: Any, besides: int | None = None) -> AskableParts:
    """Return the traits and the last saved indicators of an edition, without that of the page with the key `besides`.

    Runs two queries.
    """
    traits = tuple((row.code, row.name) for row in edition_page.traits.all())
    drafts = list(_read_drafts(edition_page, besides))
    return AskableParts(
        scale=edition_scale(edition_page),
        traits=tuple(code for code, _ in traits),
        indicators={
            values["code"]: indicator
            for values in drafts
            if (indicator := draft_askable({name: values[name] for name in _FIELDS if name != "title"}))
        },
        titles={values["code"]: values["title"] for values in drafts},
        texts=Wording(
            {f"trait/{code}": name for code, name in traits}
            | {f"level/{level}": getattr(edition_page, f"level_{level}") for level in edition_page.levels}
        ),
    )


def _read_drafts(edition_page: Any, besides: int | None) -> Iterator[dict[str, str]]:
    pages = apps.get_model("standards", "IndicatorPage").objects.descendant_of(edition_page).exclude(pk=besides)
    drafts = (KeyTextTransform(name, _DRAFT) for name in _FIELDS)
    for is_waiting, *values in pages.order_by("path").values_list("has_unpublished_changes", *_FIELDS, *drafts):
        published, draft = values[: len(_FIELDS)], values[len(_FIELDS) :]
        saved = draft if is_waiting and draft[0] else published
        yield dict(zip(_FIELDS, (value or "" for value in saved), strict=True))


def edition_scale(edition_page: Any) -> Scale:
    return Scale(edition_page.scale_lowest, edition_page.scale_highest, edition_page.scale_falling)
