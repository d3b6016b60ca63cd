"""The form of an edition's page: its content, the form of each place, and the panel above the rule."""

from typing import Any

from django.urls import reverse
from wagtail.admin.panels import Panel

from standards.drafts.conditions import ALTERNATIVE, fold_rows, places_of_rows
from standards.drafts.fields import (
    EDITION_FIELDS,
    GROUP_FIELDS,
    NAMED_PARTS,
    OBLIGATION_FIELDS,
    OUTCOME_FIELDS,
    RESULT_FIELDS,
    TRAIT_FIELDS,
    EditionText,
    read_part,
)
from standards.framework import SCOPE_FIELDS, SCOPED, Test, allowed_fields
from standards.models.domain import DomainPage
from standards.models.forms import COLUMNS, GuidePageForm, filled_forms
from standards.models.indicator import IndicatorPage
from standards.models.standard import StandardPage


class EditionForm(GuidePageForm):
    """The form of an edition, with a description of the rule while it is edited."""

    class Media:
        js = ("portal/js/edition_editor.js", "portal/js/rule_editor.js")

    def read(self) -> EditionText:
        """Return the submitted edition, without its domains."""
        page = self.instance
        return EditionText(
            language=page.source_language,
            fields={name: getattr(page, name) for name in EDITION_FIELDS},
            domains=(),
            obligations=tuple(read_part(one.instance, OBLIGATION_FIELDS) for one in self.children("obligations")),
            passing=fold_rows(one.instance.values for one in self.children("passing")),
            outcomes=tuple(
                read_part(
                    outcome.instance,
                    OUTCOME_FIELDS,
                    fold_rows(inner.instance.values for inner in _conditions(outcome)),
                )
                for outcome in self.children("outcomes")
            ),
            results=tuple(read_part(one.instance, RESULT_FIELDS) for one in self.children("results")),
            traits=tuple(read_part(one.instance, TRAIT_FIELDS) for one in self.children("traits")),
            groups=tuple(read_part(one.instance, GROUP_FIELDS) for one in self.children("groups")),
        )

    def places(self) -> dict[str, Any]:
        """Return the forms by the place that they edit."""
        found: dict[str, Any] = {"edition": self}
        for kind in NAMED_PARTS:
            found.update((f"{kind}/{one.instance.code}", one) for one in self.children(f"{kind}s"))
        found.update(_by_place("passing", self.children("passing")))
        for outcome in self.children("outcomes"):
            found.update(_by_place(f"outcome/{outcome.instance.code}", _conditions(outcome)))
        return found


def _conditions(outcome: Any) -> list[Any]:
    return filled_forms(outcome.formsets.get("conditions"))


def _by_place(where: str, conditions: list[Any]) -> dict[str, Any]:
    places = places_of_rows(where, [one.instance.values for one in conditions])
    return dict(zip(places, conditions, strict=True))


# --- The panel above the rule ---------------------------------------------------------------------------------------

PREVIEW = "guide_rule"
"""The name of the URL pattern of the portal that describes a submitted rule."""


class RulePanel(Panel):
    """The panel with a description of the rule, on the page of a stored edition. Its script requests the sentences."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "standards/rule_panel.html"

        def is_shown(self) -> bool:
            return bool(super().is_shown() and self.instance.pk and self.instance.is_source)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            page = self.instance
            return context | {
                "url": reverse(PREVIEW, args=[page.pk]),
                "choices": {
                    "language": page.source_language,
                    "fields": {test.value: fields_of(test) for test in Test},
                    "domain": _titles(DomainPage, page),
                    "standard": _titles(StandardPage, page),
                    "codes": _titles(IndicatorPage, page),
                    "level": [[str(level), getattr(page, f"level_{level}")] for level in page.levels],
                },
            }


def fields_of(test: Test) -> list[str]:
    """Return the names of the fields of a row that a test reads."""
    names = (*allowed_fields(test), *(SCOPE_FIELDS if test in SCOPED else ()))
    return sorted({COLUMNS.get(name, name) for name in names} - {"conditions"} | {ALTERNATIVE})


def _titles(model: Any, page: Any) -> list[list[str]]:
    """Return the codes of an edition's parts with their titles, in the order of the Guide."""
    return [list(row) for row in model.objects.descendant_of(page).order_by("path").values_list("code", "title")]
