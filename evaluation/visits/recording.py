"""The end of recording: each assessor finishes, then findings are entered where the assessors agree."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from evaluation.joined_words import in_language_of_record, join_words
from evaluation.models import Finding, Observation, Step, TeamMember, User, Visit
from evaluation.models.reasons import Reason
from evaluation.models.visits.visit import finished_assessors, group_observations, observations_agree
from evaluation.workflow import act_of, perform

READABLE_IN = (Visit.State.FINDINGS_ENTERED, *Visit.AFTER_SIGN_OFF)
"""The states in which the team and Missing Children Europe can read the observations of every assessor."""


def seat_of(visit: Visit, user: User | None) -> TeamMember | None:
    """Return the seat of a user in the team, or None."""
    return next((member for member in visit.team.all() if user and member.user_id == user.pk), None)


def is_recording(visit: Visit, user: User | None) -> bool:
    """Whether the visit is under way, and the user is on its team and has not finished."""
    seat = seat_of(visit, user)
    return visit.state == Visit.State.UNDER_WAY and seat is not None and seat.finished_at is None


def _has_not_finished(visit: Visit, *, by: User | None, note: str) -> Iterator[Reason]:
    if not is_recording(visit, by):
        yield Reason("has_finished")


def _has_finished(visit: Visit, *, by: User | None, note: str) -> Iterator[Reason]:
    if is_recording(visit, by):
        yield Reason("has_not_finished")


@act_of(Visit.kind, "finish_recording", check=_has_not_finished)
def _finish(visit: Visit, step: Step) -> None:
    """Store that a team member has finished. After the last one, enter the findings."""
    visit.team.filter(user=step.words.by).update(finished_at=step.at)
    if not visit.team.filter(finished_at=None).exists():
        perform(visit, "enter_findings", by=step.words.by, caused_by=step)


@act_of(Visit.kind, "go_on_recording", check=_has_finished)
def _go_on(visit: Visit, step: Step) -> None:
    visit.team.filter(user=step.words.by).update(finished_at=None)


@act_of(Visit.kind, "record_again", "take_back_beginning")
def _clear_finished(visit: Visit, _step: Step) -> None:
    """Let each assessor finish anew."""
    visit.team.update(finished_at=None)


@act_of(Visit.kind, "enter_findings", "close_recording")
def _enter(visit: Visit, step: Step) -> None:
    """Write a finding where the assessors agree, and clear it where they disagree. A constant number of queries.

    A finding that is newer than all observations on it is kept: it belongs to an earlier visit.
    """
    seen, finished = group_observations(visit), finished_assessors(visit)
    changed = []
    for finding in visit.evaluation.findings.all():
        recorded = seen.get(finding.code)
        if not recorded or not _is_newer(recorded, finding):
            continue
        if observations_agree(visit.evaluation.framework.indicators[finding.code], recorded, finished):
            with in_language_of_record(visit.evaluation):
                _write(finding, join_observations(recorded), step)
            changed.append(finding)
        elif finding.has_judgement or finding.words:
            _write(finding, {**_BLANK, "words": ""}, step)
            changed.append(finding)
    Finding.objects.bulk_update(changed, [*_BLANK, "words", "version", "by", "at", "save_uid"])


def _is_newer(recorded: Sequence[Observation], finding: Finding) -> bool:
    return finding.at is None or any(one.at is not None and one.at > finding.at for one in recorded)


_BLANK: dict[str, Any] = {
    "level": None,
    "value": None,
    "not_applicable": False,
    "not_seen": False,
    "good_practice": False,
}


def _write(finding: Finding, fields: dict[str, Any], step: Step) -> None:
    for name, value in fields.items():
        setattr(finding, name, value)
    finding.version += 1
    finding.by, finding.at, finding.save_uid = step.words.by, step.at, None


def join_observations(recorded: Sequence[Observation]) -> dict[str, Any]:
    """Return the values on which the assessors agree, and their words; with the authors' names if there are several."""
    first = recorded[0]
    words = [(one.by, text) for one in recorded if (text := _all_words(one))]
    return {
        **{name: getattr(first, name) for name in ("level", "value", "not_applicable", "not_seen")},
        "good_practice": any(one.good_practice for one in recorded),
        "words": join_words(words),
    }


def _all_words(one: Observation) -> str:
    """Return the texts of an observation: its words, strength and concern."""
    texts = [one.words.strip()]
    if one.strength.strip():
        texts.append(_("Strength: %(words)s") % {"words": one.strength.strip()})
    if one.concern.strip():
        texts.append(_("Concern: %(words)s") % {"words": one.concern.strip()})
    return "\n".join(text for text in texts if text)
