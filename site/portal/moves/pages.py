"""A state machine on a page: its stages, the user's moves, the reasons that prevent moves, its steps."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.db.transaction import atomic
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evaluation.answers.traits import read_noted_traits
from evaluation.models import Evaluation, Step, User, Visit
from evaluation.models.evaluation import EvaluationState
from evaluation.models.states import Stateful
from evaluation.workflow import Refusal, is_button, moves_of, perform, possible_moves
from evaluation.workflow.noted_days import read_noted_periods
from portal.moves.letters_first import letters_first
from portal.moves.stored_notes import pop_note, store_note
from portal.presentation.form_values import read_words
from portal.presentation.moves import MOVES, MoveWords, words_of
from portal.presentation.reasons import ShownReason, show_reason
from portal.presentation.refusals import report_refusal
from portal.requests.signed_in import SignedInRequest
from standards.models import Texts
from standards.presentation.sentences import Sentence


@dataclass(frozen=True, slots=True)
class OfferedMove:
    """A move of the user: a button, or the reasons that prevent it. `url` is the page of a move that needs a form."""

    name: str
    words: MoveWords
    reasons: tuple[ShownReason, ...]
    needs_note: bool = False
    url: str = ""

    @property
    def is_open(self) -> bool:
        return not self.reasons


def offered_moves(
    thing: Stateful, user: User, texts: Texts | None = None, *, only: Collection[str] = ()
) -> list[OfferedMove]:
    """Return the user's moves from the present state. A missing note is no reason, because the form asks for it.

    `only` limits the moves that are checked. `texts` are those of the edition, for the titles of standards in the
    reasons.
    """
    return [
        OfferedMove(
            name=name,
            words=words_of(thing, name),
            reasons=tuple(show_reason(reason, thing, texts) for reason in reasons),
            needs_note=bool(words_of(thing, name).ask),
        )
        for name, reasons in possible_moves(thing, user, only=only).items()
    ]


def perform_move(
    request: SignedInRequest,
    thing: Stateful,
    name: str,
    *,
    back_to: str,
    how: Callable[..., Step] = perform,
    shows_letters: bool = False,
    show_again: Callable[[], HttpResponse] | None = None,
) -> HttpResponse:
    """Perform the submitted move and report the result. If it is refused, the note is stored for the form.

    Raises 403 for users without the right, and 404 for a move that has no button because another action performs it,
    such as the decision. With `shows_letters` the letters are shown first. `show_again` answers a refused move with a
    page that keeps more than the note.
    """
    if not _is_offered(thing, name):
        raise Http404
    note = read_words(request.POST, "note")
    try:
        with (
            letters_first(request, str(words_of(thing, name).act), back=back_to) if shows_letters else atomic() as first
        ):
            how(thing, name, by=request.user, note=note)
    except Refusal as refusal:
        report_refusal(request, refusal, thing)
        if show_again:
            return show_again()
        store_note(request, back_to, note)
        return HttpResponseRedirect(back_to)
    if first and first.page:
        store_note(request, back_to, note)
        return first.page
    pop_note(request, back_to)
    messages.success(request, _("%(act)s. This is recorded in the log.") % {"act": words_of(thing, name).done})
    return HttpResponseRedirect(back_to)


def _is_offered(thing: Stateful, name: str) -> bool:
    machine = moves_of(thing).get(name)
    return machine is not None and all(map(is_button, machine.transitions.values()))


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step as a line of the timeline."""

    done: str
    by: str
    at: object
    note: str | Sentence
    is_back: bool


def shown_steps(steps: list[Step], of: Evaluation | None = None) -> list[ShownStep]:
    """Return steps as lines; `of` is their evaluation, if they have one. Anonymised users have no name."""
    found = []
    for step in steps:
        move, words = MOVES[step.kind, step.move], getattr(step, "words", None)
        found.append(
            ShownStep(
                done=str(move.done),
                by=words.name if words else "",
                at=step.at,
                note=_show_note(step, words.note, of) if words else "",
                is_back=move.leads_back,
            )
        )
    return found


def _show_note(step: Step, note: str, evaluation: Evaluation | None) -> str | Sentence:
    """Return the note of a step; days are formatted in the active language, and traits are shown by name."""
    if noted := read_noted_periods(note):
        periods, rest = noted
        days = "; ".join(f"{date_format(first)} → {date_format(last)}" for first, last in periods)
        return _("%(days)s: %(note)s") % {"days": days, "note": rest} if rest else days
    if (step.kind, step.move) == (Visit.kind, "send_agenda"):
        return _("Version %(number)s") % {"number": note}
    if evaluation is None or (step.kind, step.move) != (Evaluation.kind, "set_traits"):
        return note
    codes = read_noted_traits(note, evaluation.framework)
    if codes is None:
        return note
    texts = evaluation.round.edition.texts(get_language())
    return Sentence.joined((texts[f"trait/{code}"] for code in codes), ", ") or _("None of those that the Guide names.")


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the rail: `is_done`, `is_now`, or neither; `note` is its date, if known."""

    label: str
    is_done: bool
    is_now: bool
    note: str = ""


def stages(evaluation: Evaluation, notes: Mapping[str, str] | None = None) -> list[Stage]:
    """Return the stages of an evaluation; `notes` are their dates, by stage."""
    notes = notes or {}
    if evaluation.state == Evaluation.State.EXCUSED:
        return [Stage(str(Evaluation.State.EXCUSED.label), is_done=False, is_now=True)]
    order: list[EvaluationState] = [state for state in Evaluation.State if state != Evaluation.State.EXCUSED]
    now = order.index(Evaluation.State(evaluation.state))
    return [
        Stage(str(state.label), index < now, index == now, notes.get(state, "")) for index, state in enumerate(order)
    ]
