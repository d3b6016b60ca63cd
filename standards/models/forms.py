"""Forms of the Guide's pages: each validates the page in its edition and marks the field of a problem."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm
from wagtail.admin.panels import InlinePanel, MultiFieldPanel

from standards.framework import LEVELS

if TYPE_CHECKING:
    from standards.drafts.edition_checks import DraftProblem


COLUMNS = {"outcome": "reached"}
"""Fields of the framework with another name on the page: a condition belongs to an outcome and may refer to one."""


class GuidePageForm(WagtailAdminPageForm):
    """Validates the page after it and its children have been filled from the form."""

    def __init__(self, data: Any = None, files: Any = None, parent_page: Any = None, *args: Any, **kwargs: Any) -> None:
        self.edition_page = getattr(parent_page.specific, "edition_page", None) if parent_page else None
        super().__init__(data, files, parent_page, *args, **kwargs)

    def is_valid(self) -> bool:
        super().is_valid()
        if self.is_bound and self.parent_page and not self._is_validated:
            self._is_validated = True
            for name, problem in self.instance.find_problems_under(self.parent_page.specific, self):
                self.add_error(name if name in self.fields else None, problem)
        return bool(super().is_valid())

    _is_validated = False

    def children(self, relation: str) -> list[Any]:
        """Return the filled forms of a relation in display order, without deleted ones."""
        return filled_forms(self.formsets.get(relation))

    def mark(self, findings: Iterable["DraftProblem"], places: dict[str, Any]) -> None:
        """Add each problem to its field. `places` are the forms by the place that they edit."""
        for finding in findings:
            form = places.get(finding.where)
            name = COLUMNS.get(finding.name, finding.name)
            if form is not None and name not in form.errors:
                form.add_error(name if name in form.fields else None, finding.sentence)


def filled_forms(formset: Any) -> list[Any]:
    found = [
        form
        for form in (formset.forms if formset else ())
        if getattr(form, "cleaned_data", None) and not form.cleaned_data.get("DELETE")
    ]
    return sorted(found, key=lambda form: form.cleaned_data.get("ORDER") or 0)


# --- What an indicator's form takes from its edition ----------------------------------------------------------------


class IndicatorForm(forms.ModelForm[Any]):
    """Offers the obligations of the edition and the levels of its scale."""

    def __init__(self, *args: Any, edition_page: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.levels = edition_page.levels if edition_page else LEVELS
        for level in set(LEVELS) - set(self.levels):
            self.fields.pop(f"level_{level}", None)
        if edition_page:
            self.fields["obligation"].widget = forms.Select(choices=list(self._obligations(edition_page)))

    def _obligations(self, edition_page: Any) -> Iterator[tuple[str, str]]:
        known = edition_page.obligation_choices
        yield "", "---------"
        yield from known
        chosen = self.instance.obligation
        if chosen and chosen not in dict(known):
            yield chosen, chosen


class IndicatorsPanel(InlinePanel):
    """The indicators of a standard, each with the form above."""

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        mine = options["formsets"][self.relation_name]
        base = mine.get("form", WagtailAdminModelForm)
        mine["form"] = type(base)("IndicatorForm", (IndicatorForm, base), {})
        mine["inherit_kwargs"] = ["edition_page"]
        return options


class LevelsPanel(MultiFieldPanel):
    """The meaning of each level of the edition's scale; the heading names these levels."""

    class BoundPanel(MultiFieldPanel.BoundPanel):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            levels = getattr(self.form, "levels", ())
            if levels:
                self.heading = str(self.panel.heading) % {"lowest": levels[0], "highest": levels[-1]}
