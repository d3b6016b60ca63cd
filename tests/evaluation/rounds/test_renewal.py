"""A renewal starts from the last answers; each counts only after the hotline has reviewed it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.answers.changed_indicators import EditionChanges
from evaluation.answers.evidence.validity import set_force
from evaluation.answers.judgements import AnswerInput, Saved, save_answer
from evaluation.judging import evidence as judging
from evaluation.models import Accreditation, Answer, AnswerVersion, Document, Evaluation, Evidence, Round, User
from evaluation.models.reasons import Reason
from evaluation.queries import given_codes
from evaluation.rounds.planning import has_begun
from evaluation.rounds.renewal import create_answers, find_renewal_reasons, renew
from evaluation.workflow import LETTERS, Refusal, find_reasons, perform
from standards.editions.compared import decide, of_release, read_mapping
from standards.editions.comparison import Basis, Pair
from standards.framework import Domain, Framework, Measure, Source, Standard, Support
from standards.models import Edition
from tests.bystander import new
from tests.evaluation.workflow.racing import at_once
from tests.factories import (
    SIGNED,
    DocumentFactory,
    EvidenceFactory,
    RoundFactory,
    open_round,
    released_edition,
    write_answer,
)
from tests.small_edition import SMALL, wording_of
from tests.stage import Stage

pytestmark = pytest.mark.django_db


def changed(code: str, **details: object) -> Framework:
    """Return the small edition with one changed indicator."""
    domains = tuple(
        Domain(
            domain.code,
            tuple(
                Standard(s.code, tuple(replace(i, **details) if i.code == code else i for i in s.indicators))
                for s in domain.standards
            ),
        )
        for domain in SMALL.domains
    )
    return replace(SMALL, code="T3", domains=domains)


def renewed(asked: Framework | Edition = SMALL, stage: Stage | None = None) -> tuple[Stage, Evaluation]:
    stage = stage or Stage.minimal("published")
    edition = asked if isinstance(asked, Edition) else released_edition(asked)
    round_ = RoundFactory(edition=edition, state=Round.State.OPEN)
    return stage, renew(Accreditation.objects.get(hotline=stage.evaluation.hotline), round_, by=stage.people.mce)


def confirm(now: Edition, *pairs: tuple[str, str], by: User, is_confirmed: bool = True) -> None:
    """Decide that answers to a former indicator are valid for a present one."""
    before, present = of_release(released_edition(SMALL)), of_release(now)
    mapping = read_mapping(before, present)
    chosen = [Pair(former, code, Basis.HAND) for former, code in pairs]
    decide(before, present, mapping, chosen, is_confirmed=is_confirmed, by=by)


def answer_fields(evaluation: Evaluation, code: str) -> tuple[object, ...]:
    answer = Answer.objects.get(evaluation=evaluation, code=code)
    return (answer.level, answer.value, answer.not_applicable, answer.words, answer.version, answer.by)


def test_what_was_said_last_time_stands_there_and_counts_for_nothing():
    stage = Stage.minimal("published")
    write_answer(stage.evaluation, "1.1.2", level=2, words="We do most of it.")
    _stage, evaluation = renewed(stage=stage)
    assert evaluation.renews == stage.evaluation
    assert answer_fields(evaluation, "1.1.2") == (2, None, False, "We do most of it.", 0, None)
    assert all(not answer.is_given for answer in evaluation.answers.all())
    assert given_codes([evaluation]) == {}
    assert not {answer.code for answer in evaluation.answers.all() if answer.is_carried} & set(
        judging.gather_evidence(evaluation).answers
    )
    assert AnswerVersion.objects.filter(evaluation_id=evaluation.pk).count() == 0


def test_it_counts_as_soon_as_somebody_says_that_it_is_still_true():
    stage, evaluation = renewed()
    before = Answer.objects.get(evaluation=evaluation, code="1.1.2")
    assert before.is_carried
    again = AnswerInput(level=before.level, words=before.words)
    with CaptureQueriesContext(connection) as asked:
        kept = save_answer(evaluation, "1.1.2", again, version=0, by=stage.coordinator)
    assert (kept, len(asked)) == (Saved(1), 1)
    after = Answer.objects.get(evaluation=evaluation, code="1.1.2")
    assert (after.is_carried, after.is_given, after.by) == (False, True, stage.coordinator)
    assert given_codes([evaluation]) == {evaluation.pk: {"1.1.2"}}


def test_submitting_lists_what_nobody_has_looked_at_again():
    stage, evaluation = renewed()
    carried = [answer.code for answer in evaluation.answers.order_by("pk") if answer.is_carried]
    (reason,) = find_reasons(evaluation, "submit", stage.coordinator)
    assert (reason.code, list(reason.codes)) == ("carried_over", carried)
    for code in carried[:-1]:
        answer = Answer.objects.get(evaluation=evaluation, code=code)
        looked = AnswerInput(answer.level, answer.value, answer.not_applicable, answer.words)
        save_answer(evaluation, code, looked, version=0, by=stage.coordinator)
    (left,) = find_reasons(Evaluation.objects.get(pk=evaluation.pk), "submit", stage.coordinator)
    assert (left.code, left.codes) == ("carried_over", (carried[-1],))
    with pytest.raises(Refusal):
        perform(evaluation, "submit", signed=SIGNED, by=stage.coordinator)


def test_what_is_taken_back_is_unanswered_again():
    stage, evaluation = renewed()
    save_answer(evaluation, "1.1.2", AnswerInput(), version=0, by=stage.coordinator)
    found = {reason.code: reason.codes for reason in find_reasons(evaluation, "submit", stage.coordinator)}
    assert found["unanswered"] == ("1.1.2",)
    assert "1.1.2" not in found["carried_over"]


def test_an_indicator_that_is_asked_otherwise_starts_empty():
    numeric = next(i for i in SMALL.indicators.values() if i.bands and not i.from_figures)
    _stage, evaluation = renewed(changed(numeric.code, bands=numeric.bands[:1]))
    assert answer_fields(evaluation, numeric.code) == (None, None, False, "", 0, None)
    assert answer_fields(evaluation, "1.1.2")[0] is not None


def test_what_changes_only_weight_or_day_means_the_same_and_another_scale_does_not():
    same = changed("1.1.2", obligation="developmental")
    other_scale = replace(SMALL, scale=replace(SMALL.scale, highest=4))
    before = released_edition(SMALL)
    assert EditionChanges(before, released_edition(same)).sources("1.1.2") == ("1.1.2",)
    assert EditionChanges(before, released_edition(replace(other_scale, code="T4"))).sources("1.1.2") == ()
    assert EditionChanges(before, before).sources("99.9.9") == ()


@pytest.mark.parametrize(
    ("part", "is_carried"),
    [
        ("wording", False),
        ("guidance", False),
        ("recommendation/text", True),
        ("evidence", False),
        ("level/yes", False),
        ("level/no", False),
    ],
)
def test_other_words_are_carried_only_where_mce_confirms_it(part: str, is_carried: bool):
    path = f"indicator/1.1.1/{part}"
    assert SMALL.indicators["1.1.1"].measure is Measure.YES_NO
    now = released_edition(replace(SMALL, code="T4"), words={path: "Something else"})
    stage, evaluation = renewed(now)
    assert Answer.objects.get(evaluation=evaluation, code="1.1.1").is_carried is is_carried
    others = {answer.code for answer in evaluation.answers.all() if answer.is_carried} - {"1.1.1"}
    assert "1.1.2" in others
    found = EditionChanges(released_edition(SMALL), now)
    assert [change.name for change in found.find("1.1.1", "1.1.1")] == (
        [] if part.startswith("recommendation") else [part]
    )
    assert found.find("1.1.2", "1.1.2") == ()
    confirm(now, ("1.1.1", "1.1.1"), by=stage.people.mce)
    evaluation.answers.all().delete()
    create_answers([evaluation])
    assert Answer.objects.get(evaluation=evaluation, code="1.1.1").is_carried


def test_only_other_blanks_change_nothing():
    path = "indicator/1.1.1/evidence"
    words = {path: f"  {wording_of(SMALL)[path]} "}
    now = released_edition(replace(SMALL, code="T4"), words=words)
    changes = EditionChanges(released_edition(SMALL), now)
    assert (changes.find("1.1.1", "1.1.1"), changes.sources("1.1.1")) == ((), ("1.1.1",))


def test_another_name_of_a_level_opens_what_is_answered_by_the_scale():
    now = released_edition(replace(SMALL, code="T4"), words={"level/2": "Nearly"})
    changes = EditionChanges(released_edition(SMALL), now)
    by_measure = {i.measure: bool(changes.sources(i.code)) for i in SMALL.indicators.values()}
    assert (by_measure[Measure.SCALE], by_measure[Measure.YES_NO]) == (False, True)


def test_what_the_editor_ticked_is_open_again_also_two_editions_later():
    before = released_edition(SMALL)
    ticked = released_edition(changed("1.1.2", asked_anew=True))
    assert [change.name for change in EditionChanges(before, ticked).find("1.1.2", "1.1.2")] == ["asked_anew"]
    last = released_edition(replace(SMALL, code="T4"))
    assert EditionChanges(before, last).sources("1.1.2") == ()
    assert EditionChanges(ticked, last).sources("1.1.2") == ("1.1.2",)
    _stage, evaluation = renewed(last)
    carried = {answer.code for answer in evaluation.answers.all() if answer.is_carried}
    assert ("1.1.2" in carried, "1.1.1" in carried) == (False, True)


@pytest.mark.parametrize(
    "details",
    [{"evidence_required": True}, {"counts_with": Support.WORDS}, {"source": Source.VISIT}, {"not_applicable": True}],
    ids=lambda details: next(iter(details)),
)
def test_another_way_of_answering_opens_it_and_is_named(details: dict[str, object]):
    (name,) = details
    was = getattr(SMALL.indicators["1.1.2"], name)
    now = released_edition(changed("1.1.2", **(details if details[name] != was else {name: False})))
    changes = EditionChanges(released_edition(SMALL), now)
    assert [change.name for change in changes.find("1.1.2", "1.1.2")] == [name]
    assert changes.sources("1.1.2") == ()


def test_the_evidence_comes_along_once_and_only_with_its_answer():
    stage = Stage.minimal("published")
    document = DocumentFactory(hotline=stage.evaluation.hotline)
    EvidenceFactory(evaluation=stage.evaluation, code="1.1.2", document=document)
    numeric = next(i for i in SMALL.indicators.values() if i.bands and not i.from_figures)
    EvidenceFactory(evaluation=stage.evaluation, code=numeric.code, address="https://example.org/counted")
    _stage, evaluation = renewed(changed(numeric.code, bands=numeric.bands[:1]), stage)
    carried = Evidence.objects.filter(evaluation=evaluation, code="1.1.2")
    assert [link.document for link in carried] == [document]
    assert not Evidence.objects.filter(evaluation=evaluation, code=numeric.code).exists()
    assert new(Document).count() == 1


def test_the_evidence_is_in_force_as_last_time_which_is_no_beginning_and_a_change_of_it_is():
    stage = Stage.minimal("published")
    days = {"begins_on": date(2025, 1, 1), "ends_on": date(2027, 12, 31)}
    EvidenceFactory(evaluation=stage.evaluation, code="1.1.2", address="https://example.org/protocol", **days)
    _stage, evaluation = renewed(stage=stage)
    carried = Evidence.objects.get(evaluation=evaluation, code="1.1.2", address="https://example.org/protocol")
    assert {name: getattr(carried, name) for name in days} == days
    assert not has_begun(evaluation)
    set_force(carried, begins_on=None, ends_on=date(2030, 12, 31))
    assert has_begun(evaluation)
    assert Evidence.objects.get(evaluation=stage.evaluation, address=carried.address).ends_on == days["ends_on"]


def test_a_number_is_carried_exactly():
    stage = Stage.minimal("published")
    numeric = next(i for i in SMALL.indicators.values() if i.bands and not i.from_figures)
    write_answer(stage.evaluation, numeric.code, value=Decimal("91.2345"))
    _stage, evaluation = renewed(stage=stage)
    assert answer_fields(evaluation, numeric.code)[1] == Decimal("91.2345")


def test_what_figures_fill_is_not_carried():
    figures = next(i.code for i in SMALL.indicators.values() if i.from_figures)
    _stage, evaluation = renewed()
    assert answer_fields(evaluation, figures) == (None, None, False, "", 0, None)


def test_only_mce_renews_only_in_an_open_round_and_only_once():
    stage = Stage.minimal("published")
    accreditation = new(Accreditation).get()
    planned, open_ = RoundFactory(), RoundFactory(state=Round.State.OPEN)
    assert find_renewal_reasons(accreditation, planned, by=stage.people.mce) == [Reason("round_not_open")]
    assert find_renewal_reasons(accreditation, open_, by=stage.coordinator) == [Reason("not_permitted")]
    renew(accreditation, open_, by=stage.people.mce)
    with pytest.raises(Refusal) as refused:
        renew(accreditation, open_, by=stage.people.mce)
    assert refused.value.reasons == (Reason("already_in_the_round"),)


@pytest.mark.django_db(transaction=True)
def test_two_renewals_at_once_make_one_evaluation():
    stage = Stage.minimal("published")
    accreditation, round_ = new(Accreditation).get(), RoundFactory(state=Round.State.OPEN)
    results = at_once(*(lambda: renew(accreditation, round_, by=stage.people.mce) for _ in range(2)))
    assert Evaluation.objects.filter(round=round_).count() == 1
    lost = [result for result in results if isinstance(result, Refusal)]
    assert [refusal.reasons for refusal in lost] == [(Reason("already_in_the_round"),)], results


def test_a_new_round_starts_each_hotline_from_its_last_published_evaluation_when_that_is_asked_for():
    stage, new = Stage.minimal("published"), Stage.minimal("self_assessment")
    hotlines = [stage.evaluation.hotline, new.evaluation.hotline]
    for renewing, expected in ((False, [None, None]), (True, [stage.evaluation, None])):
        Evaluation.objects.filter(state="self_assessment").delete()  # a hotline has never two
        opened = open_round(RoundFactory(), hotlines, by=stage.people.mce, renewing=renewing)
        by_hotline = {evaluation.hotline: evaluation.renews for evaluation in opened}
        assert [by_hotline[hotline] for hotline in hotlines] == expected


def test_opening_a_renewing_round_of_three_takes_as_many_questions_as_of_one(monkeypatch):
    monkeypatch.delitem(LETTERS, (Round.kind, "open"))  # one for each of their people

    def ask(count: int) -> int:
        stages = [Stage.minimal("published") for _ in range(count)]
        round_ = RoundFactory()
        mce = stages[0].people.mce
        assert mce.has_role("mce_coordinator")
        with CaptureQueriesContext(connection) as asked:
            open_round(round_, [s.evaluation.hotline for s in stages], by=mce, renewing=True)
        return len(asked)

    ask(1)
    assert ask(3) == ask(1)
