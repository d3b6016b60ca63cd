"""Forms of the Guide's pages. Each validates the page within its edition, and adds problems to their fields."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import Panel

from standards.drafts.fields import Values, with_line_feeds
from standards.drafts.typed_askings import AskableParts, TypedAsking, describe_typed_asking
from standards.drafts.typed_bands import draw_typed_bands
from standards.drafts.typed_supports import SUPPORT_FIELDS, describe_typed_supports
from standards.framework import LEVELS, Measure
from standards.models.choosers.askable import edition_scale, read_askable
from standards.models.choosers.asking import AskingWidget
from standards.models.choosers.support import SupportWidget

if TYPE_CHECKING:
    from standards.drafts.edition_checks import DraftProblem


COLUMNS = {"outcome": "reached"}
"""Fields of the framework with another name on the page, where `outcome` is the one that a condition belongs to."""


class GuidePageForm(WagtailAdminPageForm):
    """A form that also validates the page, once the page and its children have their submitted values."""

    def __init__(self, data: Any = None, files: Any = None, parent_page: Any = None, *args: Any, **kwargs: Any) -> None:
        self.edition_page = getattr(parent_page.specific, "edition_page", None) if parent_page else None
        super().__init__(data, files, parent_page, *args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Replace the CR LF that forms send by LF, as wagtail-localize treats CR as part of the text."""
        cleaned: dict[str, Any] = super().clean()
        cleaned.update((name, with_line_feeds(value)) for name, value in cleaned.items())
        return cleaned

    def is_valid(self) -> bool:
        super().is_valid()
        if self.is_bound and self.parent_page and not self._is_validated:
            self._is_validated = True
            for name, problem in self.instance.find_problems_under(self.parent_page.specific, self):
                self.add_error(name if name in self.fields else None, problem)
        return bool(super().is_valid())

    _is_validated = False

    def children(self, relation: str) -> list[Any]:
        """Return the non-empty forms of a relation in display order, without deleted ones."""
        return filled_forms(self.formsets.get(relation))

    def mark(self, findings: Iterable["DraftProblem"], places: dict[str, Any]) -> None:
        """Add each problem to its field. `places` has the forms by the place that they edit."""
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


# --- The form of an indicator ---------------------------------------------------------------------------------------


class IndicatorForm(GuidePageForm):
    """The form of an indicator, with the obligations of the edition and the levels of its scale as choices."""

    class Media:
        js = ("portal/js/indicator_editor.js", "portal/js/indicator_choosers.js")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if page := self.edition_page:
            self.fields["obligation"].widget = forms.Select(choices=list(self._obligations(page)))
            self.fields["asked_if"].widget = AskingWidget(self.askable, page.source_language)
            self.fields["asked_if"].error_messages["max_length"] = _("These are too many alternatives. Remove some.")
            self.fields["counts_at"].widget = make_support_widget(page)
            self.fields["counts_at"].error_messages["max_length"] = _(
                "This is too much for single levels. Choose above what most of them need, and here only what differs."
            )
            for level in LEVELS:
                name = f"level_{level}"
                if level not in page.levels:
                    self.fields.pop(name)
                elif words := getattr(page, name):
                    self.fields[name].label = _("%(level)s (%(name)s)") % {
                        "level": self.fields[name].label,
                        "name": words,
                    }

    @cached_property
    def askable(self) -> AskableParts:
        """The traits and the other indicators that the condition of being asked can name."""
        return read_askable(self.edition_page, besides=self.instance.pk)

    def _obligations(self, edition_page: Any) -> Iterator[tuple[str, str]]:
        known = edition_page.obligation_choices
        yield "", "---------"
        yield from known
        chosen = self.instance.obligation
        if chosen and chosen not in dict(known):
            yield chosen, chosen


DRAW_BANDS = "guide_bands"
"""The name of the URL pattern of the portal that draws submitted bands."""
TYPED_BANDS = ("code", "unit", "bands", "formula")
"""The fields of an indicator that the line of its bands depends on."""
DESCRIBE_ASKING = "guide_asking"
TYPED_ASKING = ("code", "asked_if")
DESCRIBE_SUPPORTS = "guide_supports"
TYPED_SUPPORTS = ("measure", *SUPPORT_FIELDS)


class DescribedPanel(Panel):
    """A panel that describes some fields. While these are edited, a script requests the description from `address`."""

    address: str
    described: tuple[str, ...]
    shown_by: str
    """The template of the description."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "standards/described_panel.html"

        def is_shown(self) -> bool:
            return bool(super().is_shown() and self.form.edition_page)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            values = {name: getattr(self.instance, name) for name in self.panel.described}
            context |= self.panel.describe(values, self.form)
            return context | {
                "url": self.find_url(),
                "fields": self.panel.described,
                "shown_by": self.panel.shown_by,
            }

        def find_url(self) -> str:
            address = reverse(self.panel.address, args=[self.form.edition_page.pk])
            return f"{address}?indicator={self.instance.pk}" if self.instance.pk else address

    def describe(self, values: Values, form: IndicatorForm) -> dict[str, Any]:
        """Return the context of the description."""
        raise NotImplementedError


class BandsPanel(DescribedPanel):
    """The panel with the bands on a line."""

    address, described, shown_by = DRAW_BANDS, TYPED_BANDS, "standards/_typed_bands.html"

    def describe(self, values: Values, form: IndicatorForm) -> dict[str, Any]:
        return show_typed_bands(values, form.edition_page)


class AskingPanel(DescribedPanel):
    """The panel with the condition of being asked as a sentence."""

    address, described, shown_by = DESCRIBE_ASKING, TYPED_ASKING, "standards/_typed_asking.html"

    def describe(self, values: Values, form: IndicatorForm) -> dict[str, Any]:
        return show_typed_asking(values, form.askable)


class SupportsPanel(DescribedPanel):
    """The panel with the support that answers need, in sentences."""

    address, described, shown_by = DESCRIBE_SUPPORTS, TYPED_SUPPORTS, "standards/_typed_supports.html"

    def describe(self, values: Values, form: IndicatorForm) -> dict[str, Any]:
        return show_typed_supports(values, form.edition_page)


def show_typed_bands(values: Values, edition_page: Any) -> dict[str, Any]:
    """Return the context of typed bands, with the names of the levels of their edition."""
    typed = draw_typed_bands(values, edition_scale(edition_page))
    segments = typed.line.segments if typed.line else ()
    return {"typed": typed, "rows": [(one, getattr(edition_page, f"level_{one.level}")) for one in segments]}


def show_typed_asking(values: Values, askable: AskableParts) -> dict[str, TypedAsking]:
    """Return the context of a typed condition of being asked."""
    return {"typed": describe_typed_asking(values["code"], values["asked_if"], askable)}


def show_typed_supports(values: Values, edition_page: Any) -> dict[str, Any]:
    """Return the context of the support that answers need, with the names of the levels of their edition."""
    scale = edition_scale(edition_page)
    answers = {scale.worst: _("no"), scale.best: _("yes")} if values["measure"] == Measure.YES_NO else {}

    def name_level(level: int) -> str:
        if level in answers:
            return f"“{answers[level]}”"
        name = getattr(edition_page, f"level_{level}", "")
        number = _("level %(level)s") % {"level": level}
        return f"{number} ({name})" if name else number

    return {"sentences": describe_typed_supports(values, name_level)}


def make_support_widget(edition_page: Any) -> SupportWidget:
    names = {level: getattr(edition_page, f"level_{level}") for level in edition_page.levels}
    return SupportWidget(edition_scale(edition_page), names, edition_page.source_language)
