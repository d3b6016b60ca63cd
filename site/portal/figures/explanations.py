"""The hotline's explanations of warnings: a sentence for each, or a common one for all of a kind."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from evaluation.figures.intake.confirmation import EXPLAINED_IN, LONGEST_EXPLANATION, carried_explanations
from evaluation.figures.problems.file_problems import Problem, describe_problem
from evaluation.figures.problems.screening import looks_personal
from evaluation.models import StatisticsImport
from evaluation.models.figures.statistics import SHORTEST_SENTENCE

OPEN_KINDS = 2
"""How many kinds of warnings at most are all shown at once."""

TITLES = {
    "rose": _("More than half higher or lower than before"),
    "opening_differs": _("Open at the start, against the end of the period before"),
    "ending_differs": _("Open at the end, against the start of the period after"),
    "differs_between_levels": _("Another number than in another kind of file"),
    "puts_aside_more": _("A longer file would be put aside"),
    "codes_missing": _("Codes without a row"),
    "parts_not_recorded": _("Parts without a number"),
    "items_missing": _("Asked of every hotline and not recorded"),
    "reopened_not_recorded": _("Reopened cases that are not recorded in full"),
    "calls_do_not_add_up": _("Calls that do not add up"),
    "hours_differ": _("The hours of the period"),
    "wait_strange": _("Waiting times that look odd"),
    "all_in_time": _("Waiting times that look odd"),
}
"""The titles of the kinds of warnings, as `_kind_of` names them."""
OTHER = _("Something else")


@dataclass(frozen=True, slots=True)
class Line:
    """A warning and what the hotline said of it."""

    warning: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Kind:
    """The warnings of one kind, with a field for a common explanation if there are several."""

    title: str
    shared: BoundField | None
    fields: list[BoundField]
    explained: int
    """How many of them are explained and saved."""
    is_open: bool
    """Whether its fields are shown at once."""
    lines: list[Line]


class ExplanationForm(forms.Form):
    """An explanation of each warning. The common one applies to warnings of its kind without their own."""

    def __init__(self, statistics: StatisticsImport, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        problems = [Problem.from_data(warning) for warning in statistics.warnings]
        self.warnings = [describe_problem(problem) for problem in problems]
        self._saved = list(statistics.explanations)
        self.explained = sum(map(bool, self._saved))
        self.is_explained = self.explained == len(problems)
        self._kinds: dict[str, list[int]] = {}
        for number, problem in enumerate(problems):
            self._kinds.setdefault(_kind_of(problem), []).append(number)
        carried = carried_explanations(statistics) if statistics.state in EXPLAINED_IN else []
        self.is_carried = any(carried)
        explanations = carried if self.is_carried else list(statistics.explanations)
        for kind, numbers in self._kinds.items():
            common = _most_common(explanations[number] for number in numbers)
            if len(numbers) > 1:
                self.fields[f"all_{kind}"] = _field(_("One sentence for all of these"), common)
            for number in numbers:
                own = "" if len(numbers) > 1 and explanations[number] == common else explanations[number]
                self.fields[f"said_{number}"] = _field(self.warnings[number], own)

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        for name, text in list(cleaned.items()):
            if looks_personal(text):
                self.add_error(
                    name, _("This looks like an e-mail address, a telephone number or a date. Say it without.")
                )
        return cleaned

    def kinds(self) -> Iterator[Kind]:
        """Yield the kinds in the order of their first warnings."""
        for kind, numbers in self._kinds.items():
            shared = self[f"all_{kind}"] if f"all_{kind}" in self.fields else None
            fields = [self[f"said_{number}"] for number in numbers]
            lines = [Line(self.warnings[number], self._saved[number]) for number in numbers]
            explained = sum(bool(line.explanation) for line in lines)
            all_fields = [*fields, *([shared] if shared else [])]
            is_urgent = len(self._kinds) <= OPEN_KINDS and explained < len(numbers)
            is_filled = explained < len(numbers) and any(field.initial for field in all_fields)
            is_open = is_urgent or is_filled or any(field.errors for field in all_fields)
            yield Kind(str(TITLES.get(kind, OTHER)), shared, fields, explained, is_open, lines)

    @property
    def explanations(self) -> list[str]:
        """The explanations in the order of the warnings."""
        found = [""] * len(self.warnings)
        for kind, numbers in self._kinds.items():
            for number in numbers:
                found[number] = self.cleaned_data[f"said_{number}"] or self.cleaned_data.get(f"all_{kind}", "")
        return found


def _kind_of(problem: Problem) -> str:
    """Return the kind: rises and falls are one kind, and so is a total with its categories."""
    return {"fell": "rose", "rose_from_zero": "rose"}.get(problem.code, problem.code.removesuffix("_for_code"))


def _most_common(explanations: Iterator[str]) -> str:
    """Return the most common explanation; empty if all are different."""
    counted = Counter(filter(None, explanations)).most_common(1)
    return counted[0][0] if counted and counted[0][1] > 1 else ""


def _field(label: Any, initial: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        initial=initial,
        required=False,
        min_length=SHORTEST_SENTENCE,
        max_length=LONGEST_EXPLANATION,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
