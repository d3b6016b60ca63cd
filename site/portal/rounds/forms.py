"""The form that plans a round: its edition, its days and its hotlines."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluation.models import Evaluation, Hotline, Round
from evaluation.rounds.planning import find_planned_day_reasons
from portal.presentation import time_zones
from portal.presentation.form_days import DayInput, add_bounds_errors
from standards.models import Edition


class HotlinesField(forms.ModelMultipleChoiceField[Hotline]):
    """A choice of hotlines; those with an open self-assessment show its round."""

    busy: dict[int, str] = {}

    def label_from_instance(self, hotline: Hotline) -> str:
        round_name = self.busy.get(hotline.pk)
        if round_name is None:
            return hotline.name
        return gettext("%(hotline)s (self-assessment is open in %(round)s)") % {
            "hotline": hotline.name,
            "round": round_name,
        }


class RoundForm(forms.ModelForm[Round]):
    everyone = forms.BooleanField(
        label=_("All hotlines"),
        required=False,
        help_text=_("Every hotline that has no open self-assessment. What is chosen below does not matter then."),
    )
    hotlines = HotlinesField(
        label=_("Hotlines"),
        queryset=Hotline.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Round
        fields = [
            "name",
            "edition",
            "opens_on",
            "answers_until",
            "figures_from",
            "figures_until",
            "time_zone",
            "is_renewing",
        ]
        widgets = dict.fromkeys(("opens_on", "answers_until", "figures_from", "figures_until"), DayInput)
        help_texts = {
            "edition": _(
                "Only released editions are here. The round keeps to it, whatever changes in the Guide later."
            ),
            "answers_until": _("A date in the round's time zone; the day counts to its end."),
            "opens_on": _("Nothing can be answered before this day. On it, each hotline gets its letter."),
            "is_renewing": _(
                "Copies the last answers of hotlines that were in a round before; each counts when the hotline has "
                "looked at it again. What was answered, found and recommended last time is shown in any case."
            ),
            "figures_from": _("The period whose statistics count, usually the year before."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"), choices=[(name, name) for name in time_zones.of_rounds()], initial="Europe/Brussels"
        )
        edition = self.fields["edition"]
        assert isinstance(edition, forms.ModelChoiceField)
        edition.queryset = Edition.objects.all()
        busy = Evaluation.objects.filter(state=Evaluation.State.SELF_ASSESSMENT).select_related("round")
        self._hotlines.busy = {evaluation.hotline_id: evaluation.round.name for evaluation in busy}

    @property
    def _hotlines(self) -> HotlinesField:
        field = self.fields["hotlines"]
        assert isinstance(field, HotlinesField)
        return field

    @property
    def free_hotlines(self) -> QuerySet[Hotline]:
        """The hotlines without an open self-assessment."""
        return Hotline.objects.exclude(pk__in=self._hotlines.busy)

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("everyone"):
            cleaned["hotlines"] = self.free_hotlines
        if not cleaned.get("hotlines") and "hotlines" not in self.errors:
            self.add_error("hotlines", _("Choose at least one hotline."))
        if {"opens_on", "answers_until", "figures_from", "figures_until", "time_zone"} <= cleaned.keys():
            wanted = Round(**{name: cleaned[name] for name in ("time_zone", *self.Meta.widgets)})
            add_bounds_errors(self, find_planned_day_reasons(wanted))
        self._check_deadline(cleaned)
        for first, last, words in (
            ("opens_on", "answers_until", _("The self-assessment ends before the round opens. Give a later day.")),
            ("figures_from", "figures_until", _("The period ends before it begins. Give a later day.")),
        ):
            if cleaned.get(first) and cleaned.get(last) and cleaned[last] < cleaned[first]:
                self.add_error(last, words)
        return cleaned

    def _check_deadline(self, cleaned: dict[str, Any]) -> None:
        zone, until = cleaned.get("time_zone"), cleaned.get("answers_until")
        if zone and until and until < timezone.localdate(timezone=ZoneInfo(zone)):
            self.add_error("answers_until", _("This day is over. Give today or a later day."))
