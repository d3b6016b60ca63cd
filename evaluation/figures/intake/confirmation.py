"""Turn a draft into figures.

The hotline explains its warnings and confirms it, Missing Children Europe accepts it; figures can be withdrawn.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from evaluation.figures.intake import spool
from evaluation.figures.intake.changes import find_new_warnings, overlapping
from evaluation.figures.intake.merging import Merging, find_merging, find_missing_when_merged, merge_figures
from evaluation.figures.problems.file_problems import VALUES, Problem
from evaluation.figures.problems.screening import looks_personal
from evaluation.figures.validation.consistency import name_missing, named_missing
from evaluation.models import Figure, Hotline, StatisticsImport, Step, User
from evaluation.models.figures.statistics import FIGURE, digest_of_figures
from evaluation.models.people.permissions import is_allowed, no_right
from evaluation.models.reasons import Reason
from evaluation.models.states import wrong_state
from evaluation.workflow import Refusal, act_of, perform

State = StatisticsImport.State
EXPLAINED_IN = (State.CHECKED, State.RETURNED)
"""The states in which the hotline may explain warnings."""
LONGEST_EXPLANATION = 600
_FILES_LOOKED_AT = 12
_OF_CHANGES = ("rose", "fell", "opening_differs", "ending_differs", "differs_between_levels", "puts_aside_more")
"""Warnings about a change, which an explanation of another change does not explain."""
WITH_NOTE = ("confirm", "accept", "withdraw", "send_back")
"""The moves that take a note, which must not be about a person."""


def explain(statistics: StatisticsImport, explanations: Sequence[str], by: User) -> None:
    """Save the hotline's explanations of warnings, in their order. Raises Refusal; then nothing is saved."""
    if not is_allowed("statistics.explain", by, statistics):
        raise Refusal("explain", [no_right("statistics.explain", by, statistics)])
    with transaction.atomic():
        locked = StatisticsImport.objects.select_for_update().get(pk=statistics.pk)
        if locked.state not in EXPLAINED_IN:
            raise Refusal("explain", [wrong_state(locked, *EXPLAINED_IN)])
        if any(map(looks_personal, explanations)):
            raise Refusal("explain", [Reason("looks_personal")])
        texts = [text.strip()[:LONGEST_EXPLANATION] for text in explanations][: len(locked.warnings)]
        locked.explanations = texts + [""] * (len(locked.warnings) - len(texts))
        locked.save(update_fields=["explanations"])
    statistics.explanations = locked.explanations


def carried_explanations(statistics: StatisticsImport) -> list[str]:
    """Return what the hotline last said of the same warnings of an earlier file, in the order of the warnings.

    Nothing is carried to a file that has explanations, and nothing about a change between two periods.
    """
    if not statistics.warnings or any(statistics.explanations):
        return [""] * len(statistics.warnings)
    earlier = (
        StatisticsImport.objects.filter(hotline=statistics.hotline_id, level=statistics.level)
        .exclude(pk=statistics.pk)
        .exclude(explanations=[])
        .order_by("-uploaded_at")
        .values_list("warnings", "explanations")
    )
    known: dict[tuple[object, ...], str] = {}
    for warnings, explanations in earlier[:_FILES_LOOKED_AT]:
        for warning, text in zip(warnings, explanations, strict=False):
            if text:
                known.setdefault(_what_is_noticed(warning), text)
    return [
        "" if warning["code"].startswith(_OF_CHANGES) else known.get(_what_is_noticed(warning), "")
        for warning in statistics.warnings
    ]


def _what_is_noticed(warning: Mapping[str, Any]) -> tuple[object, ...]:
    """Return a warning without its row and its numbers."""
    params = sorted((key, value) for key, value in warning.get("params", {}).items() if key not in VALUES)
    return warning["code"], warning.get("item"), *params


def recheck(statistics: StatisticsImport, kept: Collection[str] | None = None) -> None:
    """Save the warnings that exist only because other files were confirmed since the file was read.

    The items `kept` are taken from the earlier file of the same period; what is missing is missing in both.
    """
    with transaction.atomic():
        locked = StatisticsImport.objects.select_for_update().get(pk=statistics.pk)
        if locked.state in EXPLAINED_IN:
            new = find_new_warnings(locked)
            locked.warnings += [problem.as_data() for problem in new]
            locked.explanations += [""] * len(new)
            if name_what_is_missing(locked, kept) or new:
                locked.save(update_fields=["warnings", "explanations"])
    statistics.refresh_from_db()


def name_what_is_missing(statistics: StatisticsImport, kept: Collection[str] | None = None) -> bool:
    """Let the warning about required items name those that are missing when a draft is merged. Return if it changed.

    An explanation of a longer list stays. Nothing is saved.
    """
    if statistics.is_written:
        return False
    missing = find_missing_when_merged(statistics, find_merging(statistics), kept)
    before = list(zip(statistics.warnings, statistics.explanations, strict=True))
    named = _named_missing(statistics)
    if missing == named:
        return False
    found = [(warning, said) for warning, said in before if warning["code"] != "items_missing"]
    said = next((said for warning, said in before if warning["code"] == "items_missing"), "")
    if missing:
        found.append((name_missing(missing).as_data(), said if set(missing) < set(named) else ""))
    statistics.warnings = [warning for warning, _said in found]
    statistics.explanations = [said for _warning, said in found]
    return True


def _named_missing(statistics: StatisticsImport) -> list[str]:
    return [code for warning in statistics.warnings for code in named_missing(Problem.from_data(warning))]


def _name_what_is_missing_in_drafts(statistics: StatisticsImport) -> None:
    """Correct the warning of drafts that are merged with this file, or were to be. The hotline is locked."""
    drafts = StatisticsImport.objects.filter(hotline=statistics.hotline_id, level=statistics.level, state=State.CHECKED)
    if statistics.period_start is None:
        return
    for draft in drafts.overlapping(*statistics.span).exclude(pk=statistics.pk).order_by("pk").select_for_update():
        if name_what_is_missing(draft):
            draft.save(update_fields=["warnings", "explanations"])


def _lock(statistics: StatisticsImport, _by: User | None) -> None:
    """Lock the hotline, so that concurrent moves wait and two files for the same period cannot both count."""
    Hotline.objects.select_for_update().get(pk=statistics.hotline_id)


def _has_personal_note(_statistics: StatisticsImport, *, by: User | None, note: str) -> list[Reason]:
    return [Reason("looks_personal")] if looks_personal(note) else []


def _may_be_confirmed(
    statistics: StatisticsImport,
    *,
    by: User | None,
    note: str,
    kept: Collection[str] | None = None,
    seen: Collection[str] | None = None,
) -> list[Reason]:
    """Return the reasons against it. The hotline is locked, so that no other file of it is confirmed meanwhile."""
    reasons = _has_personal_note(statistics, by=by, note=note)
    merging = find_merging(statistics)
    if seen is not None and set(seen) != merging.shown:
        reasons.append(Reason("earlier_files_changed"))
    new = len(find_new_warnings(statistics)) + _has_more_missing(statistics, merging, kept)
    if new:
        have = len(statistics.warnings)
        reasons.append(Reason("warnings_unexplained", have=have, need=have + new))
    return reasons


def _has_more_missing(statistics: StatisticsImport, merging: Merging, kept: Collection[str] | None) -> bool:
    """Whether a required item is missing that no warning names, because a user chose not to keep it."""
    if statistics.is_written or kept is None:
        return False
    return not set(find_missing_when_merged(statistics, merging, kept)) <= set(_named_missing(statistics))


@act_of(StatisticsImport.kind, "confirm", lock=_lock, check=_may_be_confirmed)
def _write_figures(
    statistics: StatisticsImport,
    step: Step,
    *,
    kept: Collection[str] | None = None,
    seen: Collection[str] | None = None,
) -> None:
    """Create the figures of the draft, and supersede confirmed files of the hotline for an overlapping period.

    The items `kept` are taken from the earlier file of the same period, as in `merging`; by default those that it alone
    has. `seen` are the uids of the files whose place it takes, as the user saw them; if they are others now, it is not
    confirmed. Accepted figures keep counting for the network until Missing Children Europe accepts the new ones.
    """
    figures = merge_figures(statistics, kept)
    Figure.objects.bulk_create(figures, batch_size=500)
    if not statistics.figures_sha256:  # confirmed again, it has no draft
        statistics.figures_sha256 = digest_of_figures([getattr(one, name) for name in FIGURE] for one in figures)
    statistics.draft = []
    statistics.save(update_fields=["draft", "figures_sha256"])
    _supersede(statistics, [State.CONFIRMED], step)
    _name_what_is_missing_in_drafts(statistics)


@act_of(StatisticsImport.kind, "accept", lock=_lock, check=_has_personal_note)
def _count_in_network(statistics: StatisticsImport, step: Step) -> None:
    """Supersede accepted files for an overlapping period."""
    _supersede(statistics, [State.ACCEPTED], step)


@act_of(StatisticsImport.kind, "withdraw", "send_back", lock=_lock, check=_has_personal_note)
def _remove_from_figures(statistics: StatisticsImport, step: Step) -> None:
    """Delete the spooled file, and restore the files that these figures superseded."""
    spool.release_file(statistics)
    _restore(statistics, step)
    _name_what_is_missing_in_drafts(statistics)


def _others(statistics: StatisticsImport, states: Sequence[str]) -> QuerySet[StatisticsImport]:
    assert statistics.period_start is not None
    assert statistics.period_end is not None
    period = statistics.period_start, statistics.period_end
    return overlapping(statistics.hotline, statistics.level, *period, states).exclude(pk=statistics.pk)


def _supersede(statistics: StatisticsImport, states: Sequence[str], step: Step) -> None:
    for earlier in _others(statistics, states):
        StatisticsImport.objects.filter(pk=earlier.pk).update(superseded_by=statistics)
        perform(earlier, "supersede", by=None, caused_by=step)


def _restore(statistics: StatisticsImport, step: Step) -> None:
    """Restore the state of each superseded file, so that accepted figures count for the network again."""
    for earlier in StatisticsImport.objects.filter(superseded_by=statistics, state=State.SUPERSEDED):
        was = Step.objects.filter(kind=earlier.kind, uid=earlier.uid, move="supersede").latest("seq").source
        third = _others(earlier, [was]).first()
        again = StatisticsImport.objects.filter(
            hotline=earlier.hotline, file_digest=earlier.file_digest, state__in=StatisticsImport.LIVE
        ).exists()
        StatisticsImport.objects.filter(pk=earlier.pk).update(superseded_by=third)
        if third is not None or again:
            continue  # another file counts for its period, or the same file was imported again
        perform(earlier, "restore_accepted" if was == State.ACCEPTED else "restore", by=None, caused_by=step)
