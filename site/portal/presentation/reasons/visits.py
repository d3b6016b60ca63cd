"""The texts of reasons against planning a study visit."""

from collections.abc import Callable

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.models.reasons import Reason
from portal.presentation.reasons.words import day_of, names_of

VISIT_REASONS: dict[str, Callable[[Reason], tuple[str, str]]] = {
    "visit_in_the_past": lambda r: (
        _("The visit would begin on %(day)s, which is over") % {"day": day_of(r)},
        _("Give today or a later day."),
    ),
    "not_a_day_of_the_visit": lambda r: (
        _("Today is not between the agreed days, %(day)s and %(last)s")
        % {"day": day_of(r), "last": date_format(r.last) if r.last else ""},
        _("Begin it on another day with a reason, or move it."),
    ),
    "a_day_of_the_visit": lambda _r: (
        _("Today is a day of the visit"),
        _("Begin it without a reason."),
    ),
    "visit_too_far": lambda r: (
        _("The visit would begin after %(day)s, which is too far ahead") % {"day": day_of(r)},
        _("Look at the year, and give an earlier day."),
    ),
    "member_elsewhere": lambda r: (
        _("%(name)s visits %(hotline)s from %(day)s") % {"name": r.names[0], "hotline": r.names[1], "day": day_of(r)},
        _("Choose other days, or somebody else."),
    ),
    "limited_to_not_asked": lambda r: (
        ngettext(
            "%(codes)s is not asked of this hotline",
            "%(codes)s are not asked of this hotline",
            r.count,
        )
        % {"codes": ", ".join(r.codes)},
        _("Write codes of indicators that are asked, or leave the field empty for all."),
    ),
    "limited_to_nothing": lambda r: (
        ngettext(
            "The visit is limited to %(codes)s, which is not asked of this hotline any more",
            "The visit is limited to %(codes)s, which are not asked of this hotline any more",
            r.count,
        )
        % {"codes": ", ".join(r.codes)},
        _("Change what it is limited to, with the team. Once it has begun, cancel it and propose it anew."),
    ),
    "limited_first_visit": lambda _r: (
        _("The first visit is about all indicators"),
        _("Only a further visit can be limited: the others keep the findings of the earlier one."),
    ),
    "one_person_team": lambda _r: (
        _("The team is one person"),
        _("A lead and a second go together. Choose a second, or say why one person goes alone."),
    ),
    "ends_before_it_starts": lambda _r: (_("The last day lies before the first"), _("Give a later last day.")),
    "visit_too_long": lambda r: (
        ngettext("A visit has at most %(count)d day", "A visit has at most %(count)d days", r.need) % {"count": r.need},
        _("Give an earlier last day."),
    ),
    "late_rows_undecided": lambda r: (
        ngettext(
            "%(count)d row that came too late is not decided",
            "%(count)d rows that came too late are not decided",
            r.count,
        )
        % {"count": r.count},
        _("Take it in or leave it out, under “Came too late”."),
    ),
    "late_rows_decided": lambda _r: (
        _("A chosen row was decided or taken back meanwhile"),
        _("Look at the list again."),
    ),
    "late_rows_changed": lambda r: (
        _("A row of %(names)s was sent again and has changed since you looked at it") % {"names": names_of(r)},
        _("Read it as it is now, then tick it again."),
    ),
    "late_rows_invalid": lambda r: (
        _("The sheet does not take a row of %(names)s as it is") % {"names": names_of(r)},
        _("Its criteria or days have changed. Let the team record again, or leave the row out."),
    ),
    "no_late_row_chosen": lambda _r: (_("No row is chosen"), _("Tick the rows first.")),
    "dates_not_agreed": lambda _r: (
        _("The days of the visit are not agreed on"),
        _("One side suggests days, the other accepts them."),
    ),
    "no_dates": lambda _r: (_("No days are given"), _("Give a first and a last day.")),
    "too_many_dates": lambda r: (
        ngettext(
            "One side suggests at most %(count)d period at a time",
            "One side suggests at most %(count)d periods at a time",
            r.need,
        )
        % {"count": r.need},
        _("Wait for the other side, or call it."),
    ),
    "dates_not_open": lambda _r: (
        _("These days are not open any more"),
        _("Somebody may have agreed on others. Look at the page again."),
    ),
    "dates_of_the_other_side": lambda _r: (
        _("The other side suggested these days"),
        _("Only who suggested days takes them back."),
    ),
    "own_dates": lambda _r: (
        _("Your side suggested these days itself"),
        _("The other side accepts them, or suggests others."),
    ),
    "nobody_agreed": lambda _r: (
        _("It is not said who agreed on the days"),
        _("Name who agreed on them at the hotline."),
    ),
    "interests_not_declared": lambda r: (
        _("Not declared yet: %(names)s") % {"names": names_of(r)},
        _("Each member of the team declares whether something ties them to this hotline."),
    ),
    "not_on_the_team": lambda r: (
        _("Not on the team: %(names)s") % {"names": names_of(r)},
        _("The team was changed. Look at the page again."),
    ),
    "team_can_go_on": lambda _r: (
        _("The visit has begun, and its team can go on"),
        _("During a visit the team is changed only if somebody has a stake, or is no assessor any more."),
    ),
    "newer_agenda": lambda _r: (
        _("There is a newer version of the agenda"),
        _("Look at the page again, and send the newest one."),
    ),
    "agenda_was_sent": lambda _r: (_("This version of the agenda was sent"), _("Save a new one to send it.")),
    "agenda_for_other_days": lambda _r: (
        _("The agenda was written for other days"),
        _("Read it through, and save it for the new ones."),
    ),
}
