"""The figures that count for an evaluation: live figures until submission, then the figures pinned at submission.

A correction that is accepted later is shown next to the pinned figure. It counts from the step by which Missing
Children Europe includes it, with a reason.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max, prefetch_related_objects

from evaluation.engine.scoring import Measured, measure
from evaluation.engine.scoring.evidence import read_number, read_partial, write_number, write_partial
from evaluation.figures.dictionary.items import items
from evaluation.figures.series.months import Counts, counts_from, counts_of_many
from evaluation.figures.series.provenance import Origins, read_origins
from evaluation.figures.series.totals import CountedFile, counting_files
from evaluation.models import Evaluation, Hotline, PinnedFigures, StatisticsImport, Step, User
from evaluation.models.reasons import Reason
from evaluation.workflow import act_of
from standards.framework import canonical, digest

OPEN = Evaluation.State.SELF_ASSESSMENT
"""The state in which live figures count: until submission, and again after a return to the hotline."""


def pinned(evaluation: Evaluation, *, at: datetime | None = None) -> PinnedFigures | None:
    """Return the pinned figures that count now, or that counted at `at`.

    None while the self-assessment is open; with `at`, None if nothing was pinned by then.
    """
    if at is None and evaluation.state == OPEN:
        return None
    return next((row for row in _rows(evaluation) if at is None or row.at <= at), None)


def _rows(evaluation: Evaluation) -> list[PinnedFigures]:
    """Return all pinned figures of the evaluation, newest first; cached on the instance."""
    prefetch_related_objects([evaluation], "pinned_figures")
    return list(evaluation.pinned_figures.all())


def counts_for(evaluation: Evaluation) -> Counts:
    """Return the totals that count for an evaluation."""
    return counts_for_many([evaluation])[evaluation.pk]


def counts_for_many(evaluations: Collection[Evaluation]) -> dict[int, Counts]:
    """Return the totals that count for several evaluations, by key. A constant number of queries per round."""
    submitted = [evaluation for evaluation in evaluations if evaluation.state != OPEN]
    prefetch_related_objects(submitted, "pinned_figures")
    found = {one.pk: _read(row) for one in submitted if (row := pinned(one)) is not None}
    live: dict[tuple[date, date, int], list[Evaluation]] = {}
    for evaluation in evaluations:
        if evaluation.pk not in found:
            period = evaluation.round
            live.setdefault((period.figures_from, period.figures_until, period.edition_id), []).append(evaluation)
    for (start, end, _edition), some in live.items():
        counted = counts_of_many([one.hotline for one in some], start, end, some[0].framework)
        found |= {one.pk: counted[one.hotline_id] for one in some}
    return found


def versions_of_figures(evaluations: Collection[Evaluation]) -> dict[int, list[Any]]:
    """Return, by key, a value that changes whenever the result of `counts_for_many` changes. Two queries."""
    submitted = [evaluation.pk for evaluation in evaluations if evaluation.state != OPEN]
    rows = PinnedFigures.objects.filter(evaluation__in=submitted).order_by().values("evaluation")
    found: dict[int, list[Any]] = {key: ["pinned", newest] for key, newest in rows.values_list("evaluation", Max("pk"))}
    live = [evaluation for evaluation in evaluations if evaluation.pk not in found]
    files = StatisticsImport.objects.filter(hotline__in=[evaluation.hotline_id for evaluation in live]).within(
        min((e.round.figures_from for e in live), default=date.max),
        max((e.round.figures_until for e in live), default=date.min),
    )
    counting: dict[int, list[Any]] = {}
    for hotline, *version in files.counting().order_by("pk").values_list("hotline_id", "pk", "state"):
        counting.setdefault(hotline, []).append(version)
    return found | {evaluation.pk: ["live", *counting.get(evaluation.hotline_id, [])] for evaluation in live}


def _read(row: PinnedFigures) -> Counts:
    return Counts({item: read_number(row.totals.get(item)) for item in items()}, read_partial(row.partial))


def pinned_imports(evaluation: Evaluation, *, at: datetime | None = None) -> list[StatisticsImport] | None:
    """Return the imports of the pinned figures, in chronological order; None if `pinned` returns None."""
    row = pinned(evaluation, at=at)
    if row is None:
        return None
    files = StatisticsImport.objects.filter(pk__in=_keys(row)).defer("draft")
    return list(files.order_by("period_start", "uploaded_at", "pk"))


# --- Pinning ---------------------------------------------------------------------------------------------------------


def pin_live_figures(evaluation: Evaluation, step: Step) -> PinnedFigures:
    """Store the live figures as pinned at this step, with their source files, and return them."""
    start, end = evaluation.round.figures_from, evaluation.round.figures_until
    files = counting_files([evaluation.hotline], start=start, end=end, framework=evaluation.framework)
    return _pin(evaluation, step, files[evaluation.hotline_id])


def _lock_hotline(evaluation: Evaluation, _by: User | None) -> None:
    """Lock the hotline, so that none of its files is accepted or withdrawn meanwhile."""
    Hotline.objects.select_for_update().get(pk=evaluation.hotline_id)


def _has_corrections(
    evaluation: Evaluation, *, by: User | None, note: str, seen: str | None = None
) -> Iterator[Reason]:
    corrections = find_corrections(evaluation)
    if not corrections:
        yield Reason("no_corrections")
    elif seen is not None and seen != digest_of_corrections(corrections):
        yield Reason("corrections_changed")


@act_of(Evaluation.kind, "count_corrections", lock=_lock_hotline, check=_has_corrections)
def pin_corrected_figures(evaluation: Evaluation, step: Step, *, seen: str | None = None) -> None:
    """Pin figures again: the pinned files, replaced where a correction was accepted since.

    `seen` is the digest of the corrections that the user saw; if they are others now, nothing is pinned.
    """
    before = pinned(evaluation)
    assert before is not None
    _pin(evaluation, step, _corrected_files(evaluation, before))


def _pin(evaluation: Evaluation, step: Step, files: Sequence[CountedFile]) -> PinnedFigures:
    period = evaluation.round
    counted = counts_from(files, period.figures_from, period.figures_until, evaluation.framework)
    digests = dict(
        StatisticsImport.objects.filter(pk__in=[file.statistics_id for file in files]).values_list("pk", "file_digest")
    )
    return PinnedFigures.objects.create(
        evaluation=evaluation,
        step=step,
        at=step.at,
        totals={item: write_number(total) for item, total in counted.figures.items() if total is not None},
        partial=write_partial(counted.partial),
        files=[
            {
                "key": file.statistics_id,
                "sha256": digests[file.statistics_id],
                "level": file.level,
                "from": file.start.isoformat(),
                "until": file.end.isoformat(),
                "definitions": file.definitions,
                "completeness": file.completeness,
            }
            for file in files
        ],
    )


def restore_pinned(evaluation: Evaluation, step: Step, *, at: datetime) -> None:
    """Pin again the figures that counted at `at`, if others were pinned since. They count from this step on."""
    newest = evaluation.pinned_figures.first()
    counted = evaluation.pinned_figures.filter(at__lte=at).first()
    if counted is None or newest == counted:
        return
    again = {name: getattr(counted, name) for name in ("at", "totals", "partial", "files")}
    PinnedFigures.objects.create(evaluation=evaluation, step=step, **again)


# --- Corrections -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CorrectedFigure:
    """An indicator whose figure was corrected and accepted after it was pinned."""

    code: str
    counts: Measured
    corrected: Measured
    at: datetime | None
    """When the newest of the correcting files was accepted."""


def find_corrections(evaluation: Evaluation) -> dict[str, CorrectedFigure]:
    """Return the corrections that do not count yet, by indicator code. One or two queries if there are none."""
    before = pinned(evaluation)
    files = _corrected_files(evaluation, before) if before else ()
    if not before or not files:
        return {}
    period, framework = evaluation.round, evaluation.framework
    pinned_counts = _read(before)
    now = counts_from(files, period.figures_from, period.figures_until, framework)
    origins = Origins(files, period.figures_from, period.figures_until)
    accepted = _accepted_at(files, _keys(before))
    found = {}
    for code, indicator in evaluation.asked.items():
        if not indicator.formula:
            continue
        counts = measure(indicator, pinned_counts.figures, pinned_counts.partial)
        corrected = measure(indicator, now.figures, now.partial)
        if (counts.value, counts.terms) != (corrected.value, corrected.terms):
            given = [
                accepted[f.statistics_id] for f in origins.of(corrected.terms).files if f.statistics_id in accepted
            ]
            found[code] = CorrectedFigure(code, counts, corrected, max(given or accepted.values(), default=None))
    return found


def digest_of_corrections(corrections: Mapping[str, CorrectedFigure]) -> str:
    """Return the digest of corrections, which tells whether they are those that were shown."""
    values = {code: [str(one.counts.value), str(one.corrected.value)] for code, one in corrections.items()}
    return digest(canonical(values))


_ACCEPTING = ("accept", "restore_accepted")


def _keys(row: PinnedFigures) -> set[int]:
    return {file["key"] for file in row.files}


def _corrected_files(evaluation: Evaluation, before: PinnedFigures) -> list[CountedFile]:
    """Return the pinned files, replaced where a file accepted since overlaps; empty if none was accepted since."""
    period, keys = evaluation.round, _keys(before)
    files = StatisticsImport.objects.filter(hotline=evaluation.hotline_id).defer("draft")
    within = files.within(period.figures_from, period.figures_until)
    accepted = Step.objects.filter(kind=StatisticsImport.kind, move__in=_ACCEPTING, at__gt=before.at).values("uid")
    newer = list(within.filter(state=StatisticsImport.State.ACCEPTED, uid__in=accepted).exclude(pk__in=keys))
    if not newer:
        return []
    older = [one for one in within.filter(pk__in=keys) if not any(map(one.overlaps, newer))]
    imports = sorted([*older, *newer], key=lambda one: (one.period_start, one.pk))
    return read_origins(imports, items(), evaluation.framework)


def _accepted_at(files: Iterable[CountedFile], but: Collection[int]) -> Mapping[int, datetime]:
    """Return when each file was accepted, by key, except the keys `but`."""
    by_uid = {file.uid: file.statistics_id for file in files if file.statistics_id not in but}
    steps = Step.objects.filter(kind=StatisticsImport.kind, uid__in=list(by_uid), move__in=_ACCEPTING).order_by("at")
    return {by_uid[step.uid]: step.at for step in steps}
