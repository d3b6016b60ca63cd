"""The panel above the decision rule in the CMS: what each test looks at, what can be chosen, and what the rule means."""

from typing import Any

from django.urls import reverse
from wagtail.admin.panels import Panel

from standards.drafts.conditions import ALTERNATIVE
from standards.framework import SCOPE_FIELDS, SCOPED, Test, allowed_fields
from standards.models.domain import DomainPage
from standards.models.forms import COLUMNS
from standards.models.indicator import IndicatorPage
from standards.models.standard import StandardPage

PREVIEW = "guide_rule"
"""The name of the address that describes a submitted rule; the portal serves it."""


class RulePanel(Panel):
    """Shown on the page of an edition that is stored. Its script reads the choices and asks for the sentences."""

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
                    "fields": {test.value: fields_of(test) for test in Test},
                    "domain": _titles(DomainPage, page),
                    "standard": _titles(StandardPage, page),
                    "codes": _titles(IndicatorPage, page),
                    "level": [[str(level), getattr(page, f"level_{level}")] for level in page.levels],
                },
            }


def fields_of(test: Test) -> list[str]:
    """Return the names of the fields of a row that a test looks at."""
    names = (*allowed_fields(test), *(SCOPE_FIELDS if test in SCOPED else ()))
    return sorted({COLUMNS.get(name, name) for name in names} - {"conditions"} | {ALTERNATIVE})


def _titles(model: Any, page: Any) -> list[list[str]]:
    """Return the codes of an edition's parts with their titles, in the order of the Guide."""
    return [list(row) for row in model.objects.descendant_of(page).order_by("path").values_list("code", "title")]
