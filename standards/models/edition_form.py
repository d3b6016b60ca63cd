"""The submitted form of an edition's page: what it says, and which of its forms edits which place."""

from typing import Any

from standards.drafts.conditions import fold_rows, places_of_rows
from standards.drafts.fields import EDITION_FIELDS, OBLIGATION_FIELDS, OUTCOME_FIELDS, EditionText, read_part
from standards.models.forms import GuidePageForm, filled_forms


class EditionForm(GuidePageForm):
    """The form of an edition, with a description of the rule while it is written."""

    class Media:
        css = {"all": ("portal/css/cms.css",)}
        js = ("portal/js/rule_editor.js",)

    def read(self) -> EditionText:
        """Return the edition as it is submitted, without its domains."""
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
        )

    def places(self) -> dict[str, Any]:
        """Return the forms by the place that they edit."""
        found: dict[str, Any] = {"edition": self}
        for kind in ("obligation", "outcome"):
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
