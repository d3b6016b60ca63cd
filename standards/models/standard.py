"""A standard of the Guide with its indicators on one page."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Page
from wagtail.search import index

from standards.checking import find_indicator_problems, find_repeated, find_standard_problems
from standards.models.indicator import GuideIndicator
from standards.models.tree import GuidePageForm, PartOfEdition, same_in_every_language


class StandardPage(PartOfEdition):
    """One standard: what a hotline should be able to show, in a few indicators."""

    code = models.CharField(
        _("code"),
        max_length=12,
        help_text=_("The number of the domain and a number, such as “5.1”. Keep it from one edition to the next."),
    )
    introduction = models.TextField(
        _("introduction"), blank=True, help_text=_("What the standard asks and why, in one to three sentences.")
    )
    basis = models.CharField(
        _("basis"),
        max_length=120,
        blank=True,
        help_text=_("Keys of the sources that suggested the standard, with commas between. For editors only."),
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("code"),
        FieldPanel("introduction"),
        FieldPanel("basis"),
        InlinePanel("indicators", heading=_("Indicators"), label=_("indicator")),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("introduction"),
        index.RelatedFields(
            "indicators",
            [index.SearchField("code"), index.SearchField("wording"), index.SearchField("guidance")],
        ),
    ]
    parent_page_types = ["standards.DomainPage"]
    subpage_types: list[str] = []
    override_translatable_fields = same_in_every_language("code", "slug", "basis")

    class Meta:
        verbose_name = _("standard")

    def find_problems_under(self, parent: Page, form: GuidePageForm) -> list[tuple[str, str]]:
        problems = list(find_standard_problems(self.code, parent.code))
        edition_page = parent.edition_page
        if edition_page is None:
            return problems
        inside = {"page__path__startswith": edition_page.path}
        if StandardPage.objects.descendant_of(edition_page).filter(code=self.code).exclude(pk=self.pk).exists():
            problems.append(
                ("code", _now("There is a standard %(code)s in this edition already.") % {"code": self.code})
            )
        elsewhere = set(GuideIndicator.objects.filter(**inside).exclude(page=self.pk).values_list("code", flat=True))
        self._check_indicators(form, elsewhere)
        return problems

    def _check_indicators(self, form: GuidePageForm, elsewhere: set[str]) -> None:
        """Mark a wrong code on the very indicator that carries it."""
        forms = list(_filled_forms(form))
        here = find_repeated([f.cleaned_data.get("code", "") for f in forms])
        for inline in forms:
            code = inline.cleaned_data.get("code", "")
            if code in here:
                inline.add_error("code", _now("%(code)s stands twice on this page.") % {"code": code})
            elif code in elsewhere:
                inline.add_error(
                    "code", _now("%(code)s stands in another standard of this edition already.") % {"code": code}
                )
            elif code and "code" not in inline.errors:
                values = {**inline.instance.values, "code": code}
                for name, sentence in find_indicator_problems(values, self.code):
                    if name == "code":
                        inline.add_error("code", sentence)

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from standards import reading  # noqa: PLC0415 - it reads these models

        found = reading.read_standard_page(self, preview=getattr(request, "is_preview", False))
        return {**super().get_context(request, *args, **kwargs), **found}


def _filled_forms(form: GuidePageForm) -> Iterator[Any]:
    formset = form.formsets.get("indicators")
    for inline in formset.forms if formset else ():
        if getattr(inline, "cleaned_data", None) and not inline.cleaned_data.get("DELETE"):
            yield inline
