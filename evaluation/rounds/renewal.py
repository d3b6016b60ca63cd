"""Renewal: a hotline enters another round, and its self-assessment starts with the answers of its last evaluation."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from evaluation.answers.carrying import CarriedAnswer, carry, given_answers
from evaluation.answers.changed_indicators import EditionChanges
from evaluation.answers.traits import last_traits
from evaluation.models import Accreditation, Answer, Evaluation, Evidence, Hotline, Publication, Round, User
from evaluation.models.people.permissions import is_allowed, no_right
from evaluation.models.reasons import Reason
from evaluation.workflow import Refusal
from standards.editions.compared import of_release, read_mapping
from standards.models import Edition


def last_evaluations(hotlines: Iterable[Hotline]) -> dict[int, Evaluation]:
    """Return, by hotline key, the evaluation whose decision was published last; without hotlines that have none."""
    found: dict[int, Evaluation] = {}
    published = Publication.objects.filter(decision__evaluation__hotline__in=list(hotlines)).order_by("at", "pk")
    for publication in published.select_related("decision__evaluation__round__edition"):
        found[publication.decision.evaluation.hotline_id] = publication.decision.evaluation
    return found


def find_former(evaluation: Evaluation) -> Evaluation | None:
    """Return the evaluation before this one: the one it renews, else the hotline's last published one that is older."""
    if evaluation.renews is not None:
        return evaluation.renews
    older = Publication.objects.filter(
        decision__evaluation__hotline=evaluation.hotline_id, decision__evaluation__opened_at__lt=evaluation.opened_at
    )
    last = older.select_related("decision__evaluation__round__edition").order_by("at", "pk").last()
    return last.decision.evaluation if last else None


def hotlines_with_open_self_assessment(hotlines: Iterable[Hotline]) -> list[Hotline]:
    """Return the hotlines with an open self-assessment in any round; they cannot have a second one."""
    is_open = Evaluation.objects.filter(hotline__in=list(hotlines), state=Evaluation.State.SELF_ASSESSMENT)
    return list(Hotline.objects.filter(pk__in=is_open.values("hotline")))


def find_end_of_round(round_: Round) -> list[Reason]:
    """Return the reason why no hotline can come into a round any more: its last day is over."""
    return [Reason("round_is_over", day=round_.answers_until)] if round_.today > round_.answers_until else []


def find_renewal_reasons(accreditation: Accreditation, round_: Round, *, by: User) -> list[Reason]:
    """Return the reasons why an accreditation cannot be renewed in a round."""
    reasons = []
    if not is_allowed("accreditation.run", by, accreditation):
        reasons.append(no_right("accreditation.run", by, accreditation))
    if round_.state != Round.State.OPEN:
        reasons.append(Reason("round_not_open"))
    reasons += find_end_of_round(round_)
    if round_.evaluations.filter(hotline=accreditation.hotline_id).exists():
        reasons.append(Reason("already_in_the_round"))
    elif busy := hotlines_with_open_self_assessment([accreditation.hotline]):
        reasons.append(Reason("has_open_self_assessment", names=tuple(hotline.name for hotline in busy)))
    return reasons


def renew(accreditation: Accreditation, round_: Round, *, by: User) -> Evaluation:
    """Create an evaluation in an open round for the hotline of an accreditation, with the answers of its last one.

    Raises Refusal.
    """
    with transaction.atomic():
        locked = Round.objects.select_for_update().get(pk=round_.pk)
        if reasons := find_renewal_reasons(accreditation, locked, by=by):
            raise Refusal("renew", reasons)
        hotline = accreditation.hotline
        operation, renewed = hotline.operation_today, last_evaluations([hotline])[hotline.pk]
        try:
            with transaction.atomic():
                evaluation = Evaluation.objects.create(
                    round=locked,
                    hotline=hotline,
                    operator=operation.operator if operation else None,
                    renews=renewed,
                    traits=last_traits([hotline], locked.edition.framework).get(hotline.pk),
                )
        except IntegrityError as twice:
            raise Refusal("renew", [Reason("already_in_the_round")]) from twice
        create_answers([evaluation])
    return evaluation


def count_undecided_pairs(round_: Round) -> dict[str, int]:
    """Return the number of undecided pairs of indicators, by the code of the earlier edition from which answers come.

    Answers to these are not carried over when the round opens, but by `carry_over_confirmed` once they are confirmed.
    In an open round, the self-assessments that are open count.
    """
    if round_.state != Round.State.PLANNED:
        renewing = round_.evaluations.filter(state=Evaluation.State.SELF_ASSESSMENT, renews__isnull=False)
        editions = renewing.order_by().values("renews__round__edition")
        former = set(Edition.objects.filter(pk__in=editions))
    elif round_.is_renewing:
        former = {evaluation.round.edition for evaluation in last_evaluations(round_.chosen.all()).values()}
    else:
        return {}
    counts = {
        edition.code: sum(
            mapped.needs_decision for mapped in read_mapping(of_release(edition), of_release(round_.edition)).mapped
        )
        for edition in former - {round_.edition}
    }
    return {code: count for code, count in sorted(counts.items()) if count}


def create_answers(evaluations: Sequence[Evaluation]) -> None:
    """Create an answer at version 0 for each indicator, with the earlier answer for review if that is still valid.

    Documents and addresses of evidence are carried over. The number of queries is constant.
    """
    before = given_answers(evaluation.renews_id for evaluation in evaluations if evaluation.renews_id)
    known: dict[tuple[int, int], EditionChanges] = {}
    rows: list[Answer] = []
    targets: dict[tuple[int, str], list[str]] = defaultdict(list)
    for evaluation in evaluations:
        for code in evaluation.framework.indicators:
            row = Answer(evaluation=evaluation, code=code)
            rows.append(row)
            if evaluation.renews_id not in before:
                continue
            found = carry(evaluation, code, _changes(evaluation, known), before[evaluation.renews_id])
            if isinstance(found, CarriedAnswer):
                _write_carried(row, found, evaluation, targets)
    Answer.objects.bulk_create(rows, batch_size=500)
    _carry_evidence(evaluations, targets)


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """The numbers of answers that were carried over later, and of the self-assessments that got them."""

    answers: int
    evaluations: int


@transaction.atomic
def carry_over_confirmed(before: Edition, now: Edition) -> CarriedOver:
    """Carry answers over to the pairs that were confirmed since the open self-assessments of an edition began.

    Only to indicators where nothing was answered or carried over, and that may be answered. What was carried over
    before stays. The number of queries is constant.
    """
    evaluations = list(
        Evaluation.objects.select_for_update(of=("self",))
        .filter(state=Evaluation.State.SELF_ASSESSMENT, renews__round__edition=before, round__edition=now)
        .select_related("round__edition", "renews__round__edition")
        .order_by("pk")
    )
    given, moment = given_answers(one.renews_id for one in evaluations if one.renews_id), timezone.now()
    blank: dict[int, list[Answer]] = defaultdict(list)
    for answer in Answer.objects.filter(evaluation__in=evaluations, version=0).order_by("pk"):
        if not answer.has_judgement:
            blank[answer.evaluation_id].append(answer)
    known: dict[tuple[int, int], EditionChanges] = {}
    rows: list[Answer] = []
    targets: dict[tuple[int, str], list[str]] = defaultdict(list)
    for evaluation in evaluations:
        former, changes = given.get(evaluation.renews_id or 0, {}), _changes(evaluation, known)
        for answer in blank[evaluation.pk]:
            if answer.code in (evaluation.fixed_codes or ()):
                continue
            found = carry(evaluation, answer.code, changes, former)
            if isinstance(found, CarriedAnswer):
                _write_carried(answer, found, evaluation, targets)
                rows.append(answer)
    written = {answer.evaluation_id for answer in rows}
    fields = ["level", "value", "not_applicable", "words"]
    Answer.objects.filter(version=0).bulk_update(rows, fields, batch_size=500)  # not what was saved meanwhile
    _carry_evidence([evaluation for evaluation in evaluations if evaluation.pk in written], targets)
    Evaluation.objects.filter(pk__in=[evaluation.pk for evaluation in evaluations]).update(carried_at=moment)
    return CarriedOver(len(rows), len(written))


def _write_carried(
    answer: Answer, found: CarriedAnswer, evaluation: Evaluation, targets: dict[tuple[int, str], list[str]]
) -> None:
    """Write an earlier answer into a blank one, and note where its evidence goes."""
    answer.level, answer.value, answer.not_applicable = found.level, found.value, found.not_applicable
    answer.words = found.words
    for source in found.sources:
        targets[evaluation.pk, source].append(answer.code)


def _changes(evaluation: Evaluation, known: dict[tuple[int, int], EditionChanges]) -> EditionChanges:
    """Compare the edition of an evaluation with that of the one it renews, once per pair of editions."""
    assert evaluation.renews is not None
    before, now = evaluation.renews.round.edition, evaluation.round.edition
    return known.setdefault((before.pk, now.pk), EditionChanges(before, now))


def _carry_evidence(evaluations: Sequence[Evaluation], targets: Mapping[tuple[int, str], list[str]]) -> None:
    """Copy the evidence of each earlier answer to the indicators to which the answer is carried over.

    The days on which it is in force are copied too. Evidence shared by several merged indicators is attached once, as
    it was attached first. What is attached in the new evaluation already keeps its days.
    """
    successors = {evaluation.renews_id: evaluation for evaluation in evaluations if evaluation.renews_id}
    attached = list(Evidence.objects.filter(evaluation__in=evaluations))
    present = {(link.evaluation_id, link.code, link.document_id, link.address) for link in attached}
    days = {(one.evaluation_id, one.document_id, one.address): (one.begins_on, one.ends_on) for one in attached}
    copied: dict[tuple[int, str, int | None, str], Evidence] = {}
    for link in Evidence.objects.filter(evaluation__in=list(successors)).order_by("added_at", "pk"):
        evaluation = successors[link.evaluation_id]
        for code in targets.get((evaluation.pk, link.code), ()):
            key = (evaluation.pk, code, link.document_id, link.address)
            if key in present:
                continue
            begins_on, ends_on = days.get(
                (evaluation.pk, link.document_id, link.address), (link.begins_on, link.ends_on)
            )
            copied.setdefault(
                key,
                Evidence(
                    evaluation=evaluation,
                    code=code,
                    document_id=link.document_id,
                    address=link.address,
                    begins_on=begins_on,
                    ends_on=ends_on,
                    added_by_id=link.added_by_id,
                ),
            )
    Evidence.objects.bulk_create(copied.values())
