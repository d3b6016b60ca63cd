"""The form of one text in one language: a field for each plural form, or a position for each part of an order."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from wagtail.admin.rich_text import get_rich_text_editor_widget

from portal.cms.link_checks.checking import read_checks
from reports.texts.declaration import Kind, Text
from reports.texts.reading import order_of
from reports.texts.writing import find_problem, plain_form
from standards.drafts.formatted_texts import RICH_FEATURES


class TextForm(forms.Form):
    """The form of a text. `forms` has its validated forms as they are stored, `seen` the number of the shown version.

    To restore the default, the submitted text need not be valid.
    """

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, text: Text, language: str, data: Any = None, *, shown: Sequence[str], seen: int) -> None:
        super().__init__(data, initial={"seen": seen})
        self.text, self.language = text, language
        self.forms: list[str] = []
        if text.kind is Kind.ORDER:
            self._add_places(shown[0])
        else:
            self._add_forms(shown)

    def _add_forms(self, shown: Sequence[str]) -> None:
        numbers = self.text.numbers(self.language)
        for place, some in enumerate(numbers):
            label = _("Text")
            if self.text.counted:
                label = _("For %(numbers)s") % {"numbers": ", ".join(map(str, some)) + ("…" if some[-1] > 1 else "")}
            self.fields[f"form_{place}"] = forms.CharField(
                label=label,
                required=False,
                strip=False,
                initial=shown[min(place, len(shown) - 1)],
                widget=self._widget(),
            )

    def _widget(self) -> Any:
        if self.text.kind is Kind.RICH:
            return get_rich_text_editor_widget(features=RICH_FEATURES)
        rows = 12 if self.text.kind is Kind.LINES else 3
        return forms.Textarea(attrs={"lang": self.language, "rows": rows, "cols": 80})

    def _add_places(self, shown: str) -> None:
        order = order_of(self.text, shown)
        for place, code in enumerate(order, start=1):
            self.fields[f"place_{code}"] = forms.TypedChoiceField(
                label=str((self.text.parts or {})[code]),
                choices=[(number, str(number)) for number in range(1, len(order) + 1)],
                coerce=int,
                initial=place,
            )

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if self.data.get("act") == "reset":
            return found  # `forms` stays empty
        if self.text.kind is Kind.ORDER:
            self._clean_order(found)
        else:
            self._clean_forms(found)
        return found

    def _clean_forms(self, found: dict[str, Any]) -> None:
        names = [name for name in self.fields if name.startswith("form_")]
        written = [plain_form(self.text, str(found.get(name) or "")) for name in names]
        for name, form in zip(names, written, strict=True):
            if problem := find_problem(self.text, form, is_known_broken):
                self.add_error(name, problem)
        self.forms = written if any(written) else []

    def _clean_order(self, found: dict[str, Any]) -> None:
        places = {name.removeprefix("place_"): place for name, place in found.items() if name.startswith("place_")}
        taken: dict[int, str] = {}
        for code, place in places.items():
            if place in taken:
                self.add_error(f"place_{code}", _("Another part has this place already. Give each a place of its own."))
            taken[place] = code
        self.forms = ["\n".join(code for _place, code in sorted((place, code) for code, place in places.items()))]


def is_known_broken(address: str) -> bool:
    """Whether an address of another site did not answer when it was last checked."""
    check = read_checks([address]).get(address)
    return bool(check and check.is_dead)
