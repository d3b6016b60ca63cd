"""Letters about a round: opened, deadline moved, reminder, a message of MCE, hotline left out."""

from collections.abc import Collection, Iterable
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluation.answers.deadline.timing import last_days_of
from evaluation.models import HOTLINE_ROLES, Evaluation, Hotline, Membership, Role, Round, User
from evaluation.rounds.planning import hotlines_without_people, late_evaluations
from evaluation.workflow import Letters, MoveMade, register_letters
from evaluation.workflow.noted_days import read_noted_periods
from portal.evaluation.letters import list_open, page_of, values_of
from portal.letters.declaration import (
    NOTE,
    PAGE,
    STILL_OPEN,
    THEIR_WORDS,
    Letter,
    declare_letters,
    names_of,
)
from portal.letters.outbox import address_of, write_letter
from portal.letters.recipients import holders_of, people_of

declare_letters(
    "rounds",
    Letter(
        name="open",
        subject=_("The self-assessment of %(round)s is open"),
        body=(
            _(
                "Missing Children Europe has opened the round %(round)s. The self-assessment of %(hotline)s waits "
                "for you, until %(date)s, 23:59 (time zone %(zone)s)."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="round_opened",
        subject=_("The round %(name)s has opened"),
        body=(
            _(
                "The round %(name)s opened by itself on its day. The last day of the self-assessment is %(date)s, "
                "23:59 (time zone %(zone)s)."
            ),
            _("Left out, because a self-assessment is open already: %(busy)s."),
            _("No letter went to these hotlines, because nobody has a role there: %(unreached)s."),
            PAGE,
        ),
        optional=frozenset(("busy", "unreached")),
    ),
    Letter(
        name="deadline",
        subject=_("%(round)s: the last day of the self-assessment has moved"),
        body=(
            _(
                "The self-assessment of %(hotline)s in the round %(round)s can now be submitted until %(date)s, "
                "23:59 (time zone %(zone)s). Before, the last day was %(before)s."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        name="late",
        subject=_("%(round)s: your self-assessment has not come yet"),
        body=(
            _(
                "The self-assessment of %(hotline)s in the round %(round)s was to be submitted by %(date)s. It is "
                "still open: everything you wrote is there. Submit it, or write to Missing Children Europe if you "
                "need more time."
            ),
            STILL_OPEN,
            THEIR_WORDS,
            PAGE,
        ),
        optional=NOTE | {"open"},
    ),
    Letter(
        name="word_to_hotlines",
        subject=_("%(round)s: Missing Children Europe writes to %(hotline)s"),
        body=(
            _("Missing Children Europe writes to you about the evaluation of %(hotline)s in the round %(round)s."),
            THEIR_WORDS,
            PAGE,
        ),
    ),
    Letter(
        name="removed",
        subject=_("%(hotline)s is no longer in the round %(round)s"),
        body=(
            _(
                "Missing Children Europe removed %(hotline)s from the round %(round)s before anything was written. "
                "There is nothing for you to do."
            ),
            THEIR_WORDS,
            PAGE,
        ),
    ),
)


def _write(name: str, evaluations: Collection[Evaluation], by: User | None, **values: object) -> None:
    """Write a letter to everybody at the hotlines of the evaluations, except `by`, about the evaluation of each."""
    last_days = last_days_of(evaluations)
    for evaluation, person in readers_at(evaluations):
        if person != by:
            write_letter(name, {**values_of(evaluation, last_days.get(evaluation.pk)), **values}, to=person)


def _write_opened(made: MoveMade) -> None:
    """Write to the hotlines; also to MCE if the calendar opened the round, with hotlines left out or without people."""
    evaluations = list(made.thing.evaluations.select_related("hotline", "round").order_by("pk"))
    _write("open", evaluations, made.by)
    if made.by is not None:
        return
    round_, hotlines = made.thing, [evaluation.hotline for evaluation in evaluations]
    values = {
        "name": round_.name,
        "date": round_.answers_until,
        "zone": round_.clock,
        "busy": _named(hotline for hotline in round_.chosen.all() if hotline not in hotlines),
        "unreached": _named(hotlines_without_people(hotlines)),
        "page": address_of(reverse("workspace:board", args=[round_.uid])),
    }
    for person in holders_of(Role.MCE_COORDINATOR):
        write_letter("round_opened", values, to=person)


def _named(hotlines: Iterable[Hotline]) -> str:
    return ", ".join(hotline.name for hotline in hotlines)


def _write_added(made: MoveMade) -> None:
    _write("open", [made.thing.evaluations.get(hotline=made.needs["hotline"])], made.by)


def _write_removed(made: MoveMade) -> None:
    """Write to the people of a hotline whose evaluation is deleted."""
    hotline = made.needs["hotline"]
    home = address_of(reverse("workspace:home"))
    values = {"hotline": hotline.name, "round": made.thing.name, "note": made.note.strip(), "page": home}
    for person in people_of(hotline):
        write_letter("removed", values, to=person)


def _write_deadline(made: MoveMade) -> None:
    """Write to each hotline that has not submitted yet and whose last day is the new deadline of the round."""
    round_ = made.thing
    open_ = round_.evaluations.filter(state=Evaluation.State.SELF_ASSESSMENT).select_related("hotline", "round")
    waiting = list(open_.exclude(extended_until__gte=round_.answers_until))
    last_days = last_days_of(waiting)
    _write_moved([one for one in waiting if last_days[one.pk] == round_.answers_until], made)


def _write_extension(made: MoveMade) -> None:
    _write_moved([made.thing], made)


def _write_moved(evaluations: Collection[Evaluation], made: MoveMade) -> None:
    noted = read_noted_periods(made.sealed)
    assert noted is not None  # the step has the former and the new last day
    [(former, _new)], note = noted
    _write("deadline", evaluations, made.by, before=former, note=note)


def _write_reminders(made: MoveMade) -> None:
    """Write to the late hotlines, with what is still open."""
    for evaluation in late_evaluations(made.thing):
        _write("late", [evaluation], made.by, note=made.note.strip(), open=partial(_list_open, evaluation))


def _list_open(evaluation: Evaluation, _reader: User) -> str:
    return list_open(evaluation)


def _write_words(made: MoveMade) -> None:
    """Write MCE's own words to every user of the hotlines. The text around them is in each reader's language."""
    for evaluation, person in readers_at(made.needs["evaluations"]):
        write_letter(WORD, values_of_word(evaluation, made.note), to=person)


WORD = "word_to_hotlines"


def values_of_word(evaluation: Evaluation, note: str) -> dict[str, str]:
    """Return the values of a letter with MCE's own words."""
    return {**names_of(evaluation), "note": note.strip(), "page": page_of(evaluation)}


def readers_at(evaluations: Iterable[Evaluation]) -> list[tuple[Evaluation, User]]:
    """Return everybody who has a role at one of the hotlines today, each with its evaluation. One query."""
    by_hotline = {evaluation.hotline_id: evaluation for evaluation in evaluations}
    there = Membership.objects.today().filter(
        hotline__in=list(by_hotline), role__in=HOTLINE_ROLES, user__is_active=True
    )
    found = {(one.hotline_id, one.user_id): one for one in there.select_related("user").order_by("hotline", "user")}
    return [(by_hotline[one.hotline_id], one.user) for one in found.values() if one.hotline_id is not None]


for move, write in {
    "open": _write_opened,
    "add_hotline": _write_added,
    "remove_hotline": _write_removed,
    "move_deadline": _write_deadline,
    "remind": _write_reminders,
    "write_to": _write_words,
}.items():
    register_letters(Round.kind, move, Letters(write))
for move in ("extend", "shorten"):
    register_letters(Evaluation.kind, move, Letters(_write_extension))
