"""A choice of several hotlines of a round, for an action on all of them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from evaluation.models import Evaluation, Round
from portal.rounds.board_rows import BoardFilter, read_rows


class ChosenHotlinesForm(forms.Form):
    """A form with a choice of hotlines of a round."""

    hotlines = forms.MultipleChoiceField(
        label=gettext_lazy("Hotlines"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one hotline.")},
    )

    def __init__(self, evaluations: Iterable[Evaluation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["hotlines"]
        assert isinstance(choice, forms.MultipleChoiceField)
        choice.choices = [(evaluation.hotline.country, evaluation.hotline.name) for evaluation in evaluations]
        self.order_fields(self.field_order)

    def choose(self, evaluations: Iterable[Evaluation]) -> list[Evaluation]:
        """Return the evaluations of the chosen hotlines of a valid form."""
        codes = set(self.cleaned_data["hotlines"])
        return [evaluation for evaluation in evaluations if evaluation.hotline.country in codes]


def shown_on_board(round_: Round, evaluations: Sequence[Evaluation], query: QueryDict) -> list[str]:
    """Return the countries of the hotlines that match the board's filter in `query`, as the initial choice."""
    return [row.evaluation.hotline.country for row in BoardFilter.read(query).apply(read_rows(round_, evaluations))]
