"""The form of a decision with its requirements, and a decision on a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from evaluation.models import Decision, Evaluation
from evaluation.panel.decisions import (
    DayRange,
    Demand,
    Verdict,
    days_for_requirements,
    draft_decision,
)
from evaluation.panel.departures import OWN_WORDS_TO_DEPART, count_own_words
from portal.presentation.form_days import DayInput
from portal.presentation.form_values import read_words
from portal.presentation.scorecard.conditions import ShownCondition, conditions_of
from standards.framework import Framework
from standards.models import Edition
from standards.presentation.symbols import outcome_kind

FEWEST_ROWS, MOST_ROWS = 2, 20


class DecisionForm(forms.Form):
    """The form of the reasons. The outcome is the one voted for: the form submits the one that its page showed.

    `proposal` is the outcome for which reasons of any length are enough; every other one departs from it.
    """

    outcome = forms.CharField(widget=forms.HiddenInput)
    reasons = forms.CharField(
        label=_("Reasons"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("They go to the hotline word for word."),
        error_messages={"required": _("Write why the panel decides so.")},
    )

    def __init__(self, *args: Any, evaluation: Evaluation, proposal: str, may_depart: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.evaluation, self.proposal = evaluation, proposal
        if may_depart:
            self.fields["reasons"].help_text = gettext(
                "They go to the hotline word for word. Where the outcome is not the proposed one, say what the panel "
                "saw that the rules do not see: at least %(need)d different words; sentences of the rule do not count."
            ) % {"need": OWN_WORDS_TO_DEPART}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        reasons = cleaned.get("reasons")
        if reasons and cleaned.get("outcome") != self.proposal:
            have = count_own_words(self.evaluation, reasons)
            if have < OWN_WORDS_TO_DEPART:
                self.add_error("reasons", describe_thin_reasons(have, OWN_WORDS_TO_DEPART))
        return cleaned


class RequirementForm(forms.Form):
    """One requirement. An empty row is ignored."""

    text = forms.CharField(
        label=_("What must be so"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write what must be so.")},
    )
    due_on = forms.DateField(
        label=_("By"),
        widget=DayInput(),
        error_messages={"required": _("Give a day.")},
    )
    code = forms.ChoiceField(label=_("About the indicator"), required=False)

    use_required_attribute = False

    def __init__(self, *args: Any, framework: Framework, days: DayRange | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty_permitted = True
        self.days = days
        self.fields["due_on"].help_text = describe_days(days.first, days.last) if days else ""
        code = self.fields["code"]
        assert isinstance(code, forms.ChoiceField)
        code.choices = [("", gettext("None in particular")), *((c, c) for c in framework.indicators)]

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if self.days is not None and day not in self.days:
            raise forms.ValidationError(describe_days(self.days.first, self.days.last))
        return day

    @property
    def is_left_empty(self) -> bool:
        return not self.has_changed()

    @property
    def demand(self) -> Demand:
        return Demand(self.cleaned_data["text"], self.cleaned_data["due_on"], self.cleaned_data["code"])


class VerdictForms:
    """The forms of the reasons and of the outcome's requirements. `wants_more`: another row was requested."""

    def __init__(
        self,
        evaluation: Evaluation,
        outcome: str,
        sent: QueryDict | None = None,
        *,
        proposal: str,
        asks: bool | None = None,
        kind: str = "",
        replaces: Decision | None = None,
    ) -> None:
        """`kind` and `replaces` are those of the decision; without them, it is the next decision by vote.

        The form of a correction is filled in with the reasons and conditions of the corrected decision.
        """
        framework = evaluation.framework
        self.sent = {} if sent is None else {name: read_words(sent, name) for name in sent}
        self.asks = framework.rule.sets_conditions(outcome) if asks is None else asks
        self.wants_more = sent is not None and "more" in sent
        initial: dict[str, Any] = {"outcome": outcome}
        former: list[dict[str, Any]] = []
        if sent is None and replaces is not None and kind == Decision.Kind.CORRECTION:
            initial["reasons"] = replaces.reasons
            former = [dict(row) for row in replaces.requirements.values("text", "due_on", "code")]
        rows = sent.get("rows", "") if sent else str(len(former))
        count = min(int(rows), MOST_ROWS) if rows.isdecimal() and len(rows) < 4 else FEWEST_ROWS
        count = min(max(count, FEWEST_ROWS) + self.wants_more, MOST_ROWS)
        data = None if sent is None else self.sent
        self.decision = DecisionForm(
            data,
            initial=initial,
            evaluation=evaluation,
            proposal=proposal,
            may_depart=outcome != proposal,
        )
        days = None
        if self.asks and framework.rule.outcome(outcome).accredits:
            drafted = draft_decision(evaluation, outcome, evaluation.round.today, kind=kind, replaces=replaces)
            days = days_for_requirements(drafted)
        self.requirements = [
            RequirementForm(
                data,
                prefix=f"r{number}",
                framework=framework,
                days=days,
                initial=dict(enumerate(former, 1)).get(number),
            )
            for number in range(1, count + 1)
            if self.asks
        ]

    @property
    def rows(self) -> int:
        return len(self.requirements)

    @property
    def _written(self) -> list[RequirementForm]:
        return [form for form in self.requirements if not form.is_left_empty]

    def is_valid(self) -> bool:
        """Whether every form is valid; all are validated, so that all problems are shown at once."""
        return all([self.decision.is_valid(), *(form.is_valid() for form in self._written)])

    @property
    def verdict(self) -> Verdict:
        cleaned = self.decision.cleaned_data
        return Verdict(cleaned["outcome"], cleaned["reasons"], tuple(form.demand for form in self._written))

    @property
    def problems(self) -> list[dict[str, str]]:
        """The problems, each with its field."""
        if not self.decision.is_bound or self.wants_more:
            return []
        found = []
        for number, form in enumerate([self.decision, *self._written]):
            for field in form:
                for error in field.errors:
                    words = gettext("%(label)s: %(error)s") % {"label": field.label, "error": error}
                    if number:
                        words = gettext("Condition %(number)d, %(words)s") % {"number": number, "words": words}
                    found.append({"text": words, "target": field.id_for_label})
        return found


@dataclass(frozen=True, slots=True)
class Sign:
    """An outcome of an edition on a page: its style, and the edition's own name for it."""

    kind: str
    name: Any


def sign_of(evaluation: Evaluation, outcome: str) -> Sign:
    return outcome_signs(evaluation)[outcome]


def outcome_signs(evaluation: Evaluation) -> dict[str, Sign]:
    """Return the signs of all outcomes of the evaluation's edition, by code."""
    edition = evaluation.round.edition
    return {outcome: sign for (_edition, outcome), sign in signs_of([edition]).items()}


def signs_of(editions: Iterable[Edition]) -> dict[tuple[int, str], Sign]:
    """Return each edition's signs of outcomes, by the edition's primary key and the outcome's code."""
    found = {}
    for edition in {edition.pk: edition for edition in editions}.values():
        texts = edition.texts(get_language())
        for outcome in edition.framework.rule.outcomes:
            sign = Sign(outcome_kind(edition.framework, outcome.code), texts[f"outcome/{outcome.code}"])
            found[edition.pk, outcome.code] = sign
    return found


@dataclass(frozen=True, slots=True)
class ShownDecision:
    """A decision with the edition's name of its outcome."""

    decision: Decision
    sign: Sign

    @property
    def requirements(self) -> list[Any]:
        return list(self.decision.requirements.all())

    @property
    def conditions(self) -> list[ShownCondition]:
        """What became of the conditions, for the current decision."""
        return conditions_of(self.decision)


def show_decisions(evaluation: Evaluation) -> list[ShownDecision]:
    """Return every decision on the evaluation, the current one first."""
    decisions = list(
        evaluation.decisions.select_related("decided_by", "accreditation").prefetch_related("requirements")
    )
    signs = outcome_signs(evaluation) if decisions else {}
    for decision in decisions:
        decision.evaluation = evaluation
    return [ShownDecision(d, signs[d.outcome]) for d in decisions]


def outcome_choices(evaluation: Evaluation, proposal: str) -> list[dict[str, Any]]:
    """Return the outcomes of the edition as tiles, with their validity, and the proposed one marked."""
    signs = outcome_signs(evaluation)
    months_to_hand_in = evaluation.framework.procedure.deferral_months
    choices = []
    for outcome in evaluation.framework.rule.outcomes:
        sign, meaning = signs[outcome.code], []
        if outcome.accredits:
            words = ngettext("valid for %(months)d month", "valid for %(months)d months", outcome.months)
            meaning.append(words % {"months": outcome.months})
        if outcome.defers_decision:
            words = ngettext(
                "%(months)d month to hand in what is missing",
                "%(months)d months to hand in what is missing",
                months_to_hand_in,
            )
            meaning.append(words % {"months": months_to_hand_in})
        if outcome.code == proposal:
            meaning.append(gettext("the proposal"))
        choices.append(
            {
                "value": outcome.code,
                "outcome": sign.kind,
                "label": sign.name,
                "meaning": " · ".join(meaning),
            }
        )
    return choices


def describe_thin_reasons(have: int, need: int) -> str:
    words = ngettext(
        "A departure from the proposal takes at least %(need)d different words of the panel’s own; this has %(have)d. "
        "Say what the panel saw that the rules do not see.",
        "A departure from the proposal takes at least %(need)d different words of the panel’s own; this has %(have)d. "
        "Say what the panel saw that the rules do not see.",
        need,
    )
    return words % {"have": have, "need": need}


def describe_days(first: date | None, last: date | None) -> str:
    """Describe the possible last days of a condition."""
    if first is None or last is None:
        return ""
    if first == last:
        return gettext("The only possible day is %(day)s.") % {"day": date_format(last)}
    return gettext(
        "Give a day from %(first)s to %(last)s: after the time to appeal, before the accreditation ends."
    ) % {
        "first": date_format(first),
        "last": date_format(last),
    }
