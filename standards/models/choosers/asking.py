"""The widget of the condition of being asked: a row for each alternative, a trait or the answer to an indicator."""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from standards.drafts.typed_askings import (
    JUST_THIS,
    NO,
    OR_BETTER,
    OR_WORSE,
    YES,
    AskableParts,
    AskingRow,
    join_askings,
    split_askings,
)

_COMPARED = (
    (OR_BETTER, gettext_lazy("or better")),
    (JUST_THIS, gettext_lazy("and no other")),
    (OR_WORSE, gettext_lazy("or worse")),
)


class AskingWidget(forms.Widget):
    """A widget with rows of lists to choose from, in place of a typed condition. Empty rows are ignored.

    The value is the text form of the chosen condition. A condition that is submitted in its text form is accepted, too.
    """

    template_name = "standards/choosers/asking.html"

    def __init__(self, edition: AskableParts, language: str) -> None:
        super().__init__()
        self.edition, self.language = edition, language

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str | None:
        if f"{name}-0-subject" not in data:
            return data.get(name)
        return join_askings(_read_rows(data, name), self.edition.scale)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and f"{name}-0-subject" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        rows = split_askings(value or "", self.edition)
        blank = [AskingRow()] * max(1, 2 - len(rows))
        answered = [(code, self.edition.levels_of(code)) for code in self.edition.titles]
        return context | {
            "rows": [
                {
                    **self._row(row),
                    "attrs": list_attrs(context["widget"]["attrs"], number),
                    "label": _("Alternative %(number)s") % {"number": number + 1},
                }
                for number, row in enumerate((*rows, *blank))
            ],
            "language": self.language,
            "traits": [(code, self.edition.texts.get(f"trait/{code}") or code) for code in self.edition.traits],
            "answered": [(code, f"{code} {self.edition.titles[code]}", levels) for code, levels in answered if levels],
            "levels": [(value, name, self.language if value.isdecimal() else "") for value, name in self._levels()],
            "compared": _COMPARED,
        }

    def _row(self, row: AskingRow) -> dict[str, Any]:
        """Return a row for the template, with its subject and its level if these are not among the choices."""
        is_known = not row.subject or row.subject in self.edition.traits or bool(self.edition.levels_of(row.subject))
        return {
            "chosen": row,
            "unknown_subject": "" if is_known else row.subject,
            "unknown_level": "" if row.level in dict(self._levels()) else row.level,
        }

    def _levels(self) -> Iterator[tuple[str, str]]:
        yield "", _("Choose the level")
        yield YES, _("yes")
        yield NO, _("no")
        for level in self.edition.scale.levels:
            yield str(level), f"{level} {self.edition.texts.get(f'level/{level}', '')}".strip()


def list_attrs(attrs: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Return the attributes of a list. Only the first has the unchanged `id`, to which the label refers."""
    return {**attrs, "id": f"{attrs['id']}-{number}"} if number and "id" in attrs else dict(attrs)


def _read_rows(data: Mapping[str, Any], name: str) -> Iterator[AskingRow]:
    for number in count():
        subject = data.get(f"{name}-{number}-subject")
        if subject is None:
            return
        level, compare = data.get(f"{name}-{number}-level", ""), data.get(f"{name}-{number}-compare", OR_BETTER)
        yield AskingRow(subject.strip(), level.strip(), compare)
