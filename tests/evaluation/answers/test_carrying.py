"""Earlier answers are carried over by the permanent key and the mapping; those that are not offered have a reason."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.answers.carrying import NotCarried, list_carried
from evaluation.models import Answer, Evaluation, Evidence
from evaluation.rounds.planning import has_begun
from evaluation.rounds.renewal import count_undecided_pairs
from standards.framework import Framework, Indicator, Measure, Standard
from standards.models import Edition
from tests.evaluation.rounds.test_renewal import answer_fields, confirm, renewed
from tests.factories import DocumentFactory, EvidenceFactory, RoundFactory, released_edition, write_answer
from tests.small_edition import SMALL, wording_of
from tests.stage import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.everywhere]

WORDING = wording_of(SMALL)


def edition(*standards: Standard, words: dict[str, str] | None = None) -> Edition:
    """Return the small edition with other standards in its first domain. Each indicator keeps its texts by its key."""
    found = replace(SMALL, code="T4", domains=(replace(SMALL.domains[0], standards=standards), *SMALL.domains[1:]))
    return released_edition(found, words={**_words_by_key(found), **(words or {})})


def _words_by_key(framework: Framework) -> dict[str, str]:
    found = {}
    for indicator in framework.indicators.values():
        start = f"indicator/{indicator.permanent_key}/"
        own = {path: text for path, text in WORDING.items() if path.startswith(start)}
        found |= {path.replace(start, f"indicator/{indicator.code}/"): text for path, text in own.items()}
    return found


def indicators(standard: str) -> tuple[Indicator, ...]:
    return SMALL.standards[standard].indicators


def reasons(evaluation: Evaluation) -> dict[tuple[str, tuple[str, ...]], NotCarried]:
    return {(item.code, item.former): item.reason for item in list_carried(evaluation) if item.reason}


def test_an_answer_follows_its_indicator_to_another_standard_and_code():
    stage = Stage.minimal("published")
    write_answer(stage.evaluation, "1.1.2", level=2, words="Mostly.")
    EvidenceFactory(evaluation=stage.evaluation, code="1.1.2", address="https://example.org/rota")
    moved = next(i for i in indicators("1.1") if i.code == "1.1.2")
    kept = tuple(i for i in indicators("1.1") if i.code != "1.1.2")
    now = edition(
        Standard("1.1", kept), Standard("1.2", (*indicators("1.2"), replace(moved, code="1.2.9", key="1.1.2")))
    )
    _stage, evaluation = renewed(now, stage)
    assert answer_fields(evaluation, "1.2.9")[:4] == (2, None, False, "Mostly.")
    assert Evidence.objects.get(evaluation=evaluation, address="https://example.org/rota").code == "1.2.9"
    assert reasons(evaluation) == {}


def test_another_indicator_under_an_old_code_gets_no_answer():
    new = replace(indicators("1.2")[0], key="quite-new")
    now = edition(
        Standard("1.1", indicators("1.1")), Standard("1.2", (new,)), words={"indicator/1.2.1/wording": "Other"}
    )
    _stage, evaluation = renewed(now)
    assert not Answer.objects.get(evaluation=evaluation, code="1.2.1").is_carried
    assert reasons(evaluation) == {("1.2.1", ("1.2.1",)): NotCarried.OPEN}


def test_a_split_gives_the_answer_and_its_evidence_to_both_parts():
    stage = Stage.minimal("published")
    write_answer(stage.evaluation, "1.2.1", level=3, words="Always.")
    EvidenceFactory(evaluation=stage.evaluation, code="1.2.1", address="https://example.org/rota")
    first = indicators("1.2")[0]
    now = edition(
        Standard("1.1", indicators("1.1")), Standard("1.2", (first, replace(first, code="1.2.2", key="half")))
    )
    confirm(now, ("1.2.1", "1.2.2"), by=stage.people.mce)
    _stage, evaluation = renewed(now, stage)
    assert [answer_fields(evaluation, code)[0] for code in ("1.2.1", "1.2.2")] == [3, 3]
    assert set(
        Evidence.objects.filter(evaluation=evaluation, address="https://example.org/rota").values_list(
            "code", flat=True
        )
    ) == {"1.2.1", "1.2.2"}
    assert not has_begun(evaluation)


@pytest.mark.parametrize(("other", "carried"), [(2, True), (1, False)])
def test_a_merger_takes_answers_that_are_alike(other: int, carried: bool):
    stage = Stage.minimal("published")
    scale = [i for i in SMALL.indicators.values() if i.measure is Measure.SCALE and not i.from_figures][:2]
    one, two = scale
    write_answer(stage.evaluation, one.code, level=2, words="By day.")
    write_answer(stage.evaluation, two.code, level=other, words="By night.")
    now = released_edition(replace(SMALL, code="T4"))
    confirm(now, (two.code, one.code), by=stage.people.mce)
    _stage, evaluation = renewed(now, stage)
    if carried:
        assert answer_fields(evaluation, one.code)[:4] == (2, None, False, "By day.\n\nBy night.")
    else:
        assert answer_fields(evaluation, one.code)[0] is None
        assert reasons(evaluation)[one.code, (one.code, two.code)] is NotCarried.DIFFERENT


def test_a_merger_takes_the_evidence_that_both_share_once():
    stage = Stage.minimal("published")
    one, two = [i for i in SMALL.indicators.values() if i.measure is Measure.SCALE and not i.from_figures][:2]
    document = DocumentFactory(hotline=stage.evaluation.hotline)
    for indicator in (one, two):
        write_answer(stage.evaluation, indicator.code, level=2)
        EvidenceFactory(evaluation=stage.evaluation, code=indicator.code, document=document)
        EvidenceFactory(evaluation=stage.evaluation, code=indicator.code, address="https://example.org/rota")
    now = released_edition(replace(SMALL, code="T4"))
    confirm(now, (two.code, one.code), by=stage.people.mce)
    _stage, evaluation = renewed(now, stage)
    links = Evidence.objects.filter(evaluation=evaluation, code=one.code)
    assert sorted(links.values_list("document", "address"), key=str) == [
        (document.pk, ""),
        (None, "https://example.org/rota"),
    ]


def test_what_is_not_carried_says_why():
    stage = Stage.minimal("published")
    write_answer(stage.evaluation, "1.1.2", level=2)
    write_answer(stage.evaluation, "1.2.1", level=2)
    one, two, *others = indicators("1.1")
    now = edition(
        Standard(
            "1.1",
            (
                replace(one, measure=Measure.SCALE),
                replace(two, asked_anew=True),
                *others,
                Indicator("1.1.9", "core", Measure.SCALE, key="first-time"),
            ),
        ),
        Standard("1.2", (Indicator("1.2.2", "core", Measure.SCALE, key="second"),)),
        words={"indicator/1.1.9/wording": "Never asked before", "indicator/1.2.2/wording": "Nor was this one"},
    )
    _stage, evaluation = renewed(now, stage)
    assert one.measure is Measure.YES_NO
    assert reasons(evaluation) == {
        ("1.1.1", ("1.1.1",)): NotCarried.KIND,
        ("1.1.2", ("1.1.2",)): NotCarried.ASKED_ANEW,
        ("1.1.9", ()): NotCarried.NEW,
        ("1.2.2", ()): NotCarried.NEW,
        ("", ("1.2.1",)): NotCarried.REMOVED,
    }


def test_a_rejected_pair_is_not_carried_although_nothing_changed():
    stage = Stage.minimal("published")
    now = released_edition(replace(SMALL, code="T4"))
    confirm(now, ("1.1.2", "1.1.2"), by=stage.people.mce, is_confirmed=False)
    _stage, evaluation = renewed(now, stage)
    assert not Answer.objects.get(evaluation=evaluation, code="1.1.2").is_carried
    rejected = [item for item in list_carried(evaluation) if "1.1.2" in (item.code, *item.former)]
    assert [(item.code, item.former, item.reason) for item in rejected] == [("1.1.2", ("1.1.2",), NotCarried.REJECTED)]
    assert [answer.code for answer in rejected[0].answers] == ["1.1.2"]


def test_what_is_decided_later_does_not_change_what_was_offered():
    stage = Stage.minimal("published")
    now = released_edition(replace(SMALL, code="T4"))
    _stage, evaluation = renewed(now, stage)
    before = reasons(evaluation)
    confirm(now, ("1.1.2", "1.1.2"), by=stage.people.mce, is_confirmed=False)
    assert reasons(evaluation) == before


def test_not_applicable_is_not_carried_where_the_guide_does_not_allow_it_any_more():
    stage = Stage.minimal("published")
    excusable = next(i for i in SMALL.indicators.values() if i.not_applicable and not i.from_figures)
    write_answer(stage.evaluation, excusable.code, not_applicable=True, words="We have none.")
    standards = tuple(
        replace(
            standard,
            indicators=tuple(replace(i, not_applicable=False) if i == excusable else i for i in standard.indicators),
        )
        for standard in SMALL.domains[0].standards
    )
    now = edition(*standards)
    confirm(now, (excusable.code, excusable.code), by=stage.people.mce)
    _stage, evaluation = renewed(now, stage)
    assert reasons(evaluation)[excusable.code, (excusable.code,)] is NotCarried.NOT_APPLICABLE


def test_a_first_evaluation_has_nothing_to_list():
    assert list_carried(Stage.minimal("self_assessment").evaluation) == []


def test_listing_takes_a_constant_number_of_queries():
    _stage, evaluation = renewed(released_edition(replace(SMALL, code="T4")))
    evaluation = Evaluation.objects.select_related("round__edition", "renews__round__edition").get(pk=evaluation.pk)
    with CaptureQueriesContext(connection) as asked:
        assert len(list_carried(evaluation)) == sum(not i.from_figures for i in SMALL.indicators.values())
    assert len(asked) <= 9


def test_a_planned_renewing_round_counts_what_is_still_to_be_decided():
    stage = Stage.minimal("published")
    words = {"indicator/1.1.2/wording": "In other words."}
    now = released_edition(replace(SMALL, code="T4"), words=words)
    round_ = RoundFactory(edition=now, is_renewing=True)
    round_.chosen.add(stage.evaluation.hotline)
    assert count_undecided_pairs(round_) == {SMALL.code: 1}
    confirm(now, ("1.1.2", "1.1.2"), by=stage.people.mce)
    assert count_undecided_pairs(round_) == {}
    round_.is_renewing = False
    assert count_undecided_pairs(round_) == {}
