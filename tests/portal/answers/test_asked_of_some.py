"""Indicators that are asked of some hotlines only: in the questionnaire, on the visit, in counts, reasons and reports."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from openpyxl import load_workbook

from evaluation import queries
from evaluation.answers.traits import change_traits
from evaluation.answers.workbook.layout import Column
from evaluation.answers.workbook.subject import SelfAssessment
from evaluation.discussions.assignments import assign
from evaluation.engine.scoring import LevelBasis, score
from evaluation.judging.evidence import gather_evidence, gather_evidence_for_many
from evaluation.models import Answer, Assignment, Evaluation, Step, User
from evaluation.models.evaluation import the_traits_are_stated
from evaluation.queries import to_be_observed
from evaluation.rounds.planning import open_planned_round
from evaluation.scorecards import read_inputs, read_result
from evaluation.workflow import Refusal, find_reasons, perform
from portal.answers.sharing import sharing_for
from portal.discussions.letters import write_assignment_letters
from portal.letters.models import Letter
from portal.moves.pages import shown_steps
from standards.framework import Framework, find_problems
from standards.framework.asking import read_askings
from standards.presentation.marking import marked
from tests.evaluation.answers.workbook.filled import fill_in, place_of, written
from tests.factories import RoundFactory, open_round, released_edition, write_answer
from tests.small_edition import SMALL
from tests.stage import Stage

pytestmark = pytest.mark.django_db

SCRIPT = {"Accept": "application/json"}


def asking(**asked_if: str) -> Framework:
    """Return the small edition with conditions for some indicators, written with underscores."""
    conditions = {name[1:].replace("_", "."): read_askings(text) for name, text in asked_if.items()}
    domains = tuple(
        replace(
            domain,
            standards=tuple(
                replace(s, indicators=tuple(replace(i, asked_if=conditions.get(i.code, ())) for i in s.indicators))
                for s in domain.standards
            ),
        )
        for domain in SMALL.domains
    )
    return replace(SMALL, code="T9", domains=domains, traits=("own_number", "across_borders"))


SOME = asking(i1_1_2="1.1.1=0;own_number", i3_2_1="1.1.2>=2", i9_1_1="own_number")
"""1.1.2 is asked if 1.1.1 is no, or of hotlines with a number of their own; 3.2.1 if 1.1.2 is at least at level 2."""


def test_the_edition_of_these_tests_is_sound() -> None:
    assert list(find_problems(SOME)) == []


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment", framework=SOME)


@pytest.fixture
def coordinator(client: Client, stage: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(client, stage.coordinator)


def sentence_of(html: str) -> str:
    """Return the text of a page, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def again(stage: Stage) -> Evaluation:
    return Evaluation.objects.select_related("round__edition").get(pk=stage.evaluation.pk)


def not_asked(stage: Stage) -> list[str]:
    asked = again(stage).asked
    return [code for code in SOME.indicators if code not in asked]


def page_of(client: Client, name: str, stage: Stage, *args: str) -> str:
    return sentence_of(client.get(reverse(f"workspace:{name}", args=[stage.evaluation.uid, *args])).content.decode())


# --- Which ones -----------------------------------------------------------------------------------------------------


def test_what_is_asked_follows_answers_and_traits_through_each_other(stage: Stage) -> None:
    assert not_asked(stage) == ["1.1.2", "3.2.1", "9.1.1"]
    write_answer(stage.evaluation, "1.1.1", level=0)
    assert not_asked(stage) == ["9.1.1"]
    write_answer(stage.evaluation, "1.1.2", level=1)
    assert not_asked(stage) == ["3.2.1", "9.1.1"]
    perform(stage.evaluation, "set_traits", by=stage.people.mce, traits=["own_number"])
    write_answer(stage.evaluation, "1.1.1", level=3)
    assert not_asked(stage) == ["3.2.1"]


def test_an_answer_that_was_taken_over_opens_nothing_before_it_is_reviewed(stage: Stage) -> None:
    Answer.objects.filter(evaluation=stage.evaluation, code="1.1.1").update(version=0, level=0)
    assert "1.1.2" in not_asked(stage)


def test_the_engine_asks_the_same(stage: Stage) -> None:
    for level, traits in ((3, []), (0, []), (3, ["own_number"])):
        write_answer(stage.evaluation, "1.1.1", level=level)
        perform(stage.evaluation, "set_traits", by=stage.people.mce, traits=traits)
        evidence = gather_evidence(again(stage))
        card = score(SOME, evidence)
        assert [code for code, one in card.indicators.items() if not one.is_asked] == not_asked(stage)
        assert gather_evidence_for_many([again(stage)])[stage.evaluation.pk].traits == evidence.traits


# --- What is open ---------------------------------------------------------------------------------------------------


def reasons(stage: Stage, move: str = "submit") -> list[tuple[str, tuple[str, ...]]]:
    found = find_reasons(again(stage), move, stage.coordinator)
    return [(reason.code, reason.codes) for reason in found]


def test_what_is_not_asked_stands_in_no_way(stage: Stage) -> None:
    cleared: dict[str, Any] = {"level": None, "words": "", "not_applicable": False}
    for code in ("1.1.2", "3.2.1"):
        write_answer(stage.evaluation, code, **cleared)
    write_answer(stage.evaluation, "9.1.1", **cleared | {"not_applicable": True})
    assert reasons(stage) == [("traits_not_stated", ())]
    perform(stage.evaluation, "set_traits", by=stage.people.mce, traits=[])
    assert reasons(stage) == []
    write_answer(stage.evaluation, "1.1.1", level=0)
    assert reasons(stage) == [("unanswered", ("1.1.2",))]
    perform(stage.evaluation, "set_traits", by=stage.people.mce, traits=["own_number"])
    assert ("exception_without_reason", ("9.1.1",)) in reasons(stage)


def test_progress_counts_what_is_asked(coordinator: Client, stage: Stage) -> None:
    given = queries.given_codes([stage.evaluation])[stage.evaluation.pk]
    before = queries.progress_of(SOME, again(stage).asked.values(), given)
    assert (before.answered, before.of) == (4, 5)  # the figures of 3.1.1 are not among these
    write_answer(stage.evaluation, "1.1.1", level=0)
    now = queries.progress_of(SOME, again(stage).asked.values(), given)
    assert (now.answered, now.of) == (6, 7)


def test_the_overview_names_what_is_not_asked(coordinator: Client, stage: Stage) -> None:
    page = page_of(coordinator, "evaluation", stage)
    assert "Not asked of this hotline: 1.1.2, 3.2.1, 9.1.1" in page.replace(" ,", ",")
    assert "Not said yet." in page
    assert "Change the traits" not in page


# --- The questionnaire ----------------------------------------------------------------------------------------------


def test_the_page_says_which_questions_are_not_asked_and_why(coordinator: Client, stage: Stage) -> None:
    html = coordinator.get(reverse("workspace:answers", args=[stage.evaluation.uid, "1.1"])).content.decode()
    page = sentence_of(html)
    assert (
        "It is not asked of this hotline and needs no answer. What is written stays. Asked only if one of these is so: "
        "1.1.1 is answered with no; the hotline has the trait “own_number (en)”."
    ) in page
    assert html.count("data-asked-here hidden") == 1
    assert "1 indicator" in page


def save(client: Client, stage: Stage, code: str, *, by_script: bool = False, **fields: Any) -> Any:
    address = reverse("workspace:save_answer", args=[stage.evaluation.uid, SOME.standard_of[code].code, code])
    version = Answer.objects.get(evaluation=stage.evaluation, code=code).version
    return client.post(address, {"version": version, **fields}, headers=SCRIPT if by_script else {})


def test_a_saved_answer_opens_and_closes_what_depends_on_it(coordinator: Client, stage: Stage) -> None:
    opened = save(coordinator, stage, "1.1.1", by_script=True, level="0", words="Not yet.").json()
    assert opened["asked"] == {"1.1.2": True, "3.2.1": True, "9.1.1": False}
    assert opened["asked_words"] == "Asked now: 1.1.2, 3.2.1"
    same = save(coordinator, stage, "1.1.1", by_script=True, level="0", words="Not yet, alas.").json()
    assert same["asked_words"] == ""
    closed = save(coordinator, stage, "1.1.2", by_script=True, level="1", words="Half.").json()
    assert (closed["asked"]["3.2.1"], closed["asked_words"]) == (False, "Not asked any more: 3.2.1")


def test_a_conflict_says_what_the_saved_answer_of_the_other_opens(coordinator: Client, stage: Stage) -> None:
    version = Answer.objects.get(evaluation=stage.evaluation, code="1.1.1").version
    write_answer(stage.evaluation, "1.1.1", level=0, words="We have none.")
    address = reverse("workspace:save_answer", args=[stage.evaluation.uid, "1.1", "1.1.1"])
    conflict = coordinator.post(address, {"version": version, "level": "3", "words": "We do."}, headers=SCRIPT)
    assert conflict.status_code == 409
    assert conflict.json()["asked"] == {"1.1.2": True, "3.2.1": True, "9.1.1": False}


def test_without_a_script_the_page_after_the_save_asks_what_the_answer_opens(coordinator: Client, stage: Stage) -> None:
    answer = save(coordinator, stage, "1.1.1", level="0", words="Not yet.")
    html = coordinator.get(answer.url).content.decode()
    assert "data-asked-here hidden" not in html
    assert "We do this." in html, "the earlier words are there again"


def test_an_edition_that_asks_everybody_tells_the_script_nothing_more(client: Client, sign_in: Any) -> None:
    stage = Stage("self_assessment")
    coordinator = sign_in(client, stage.coordinator)
    address = reverse("workspace:save_answer", args=[stage.evaluation.uid, "1.1", "1.1.2"])
    saved = coordinator.post(address, {"version": 1, "level": "2", "words": "Half."}, headers=SCRIPT)
    assert sorted(saved.json()) == ["line", "mark", "missing", "saved", "standing", "version"]


# --- Traits ---------------------------------------------------------------------------------------------------------


def test_mce_sets_the_traits_and_the_log_says_so(client: Client, stage: Stage, sign_in: Callable[..., Client]) -> None:
    mce, address = sign_in(client, stage.people.mce), reverse("workspace:traits", args=[stage.evaluation.uid])
    assert "own_number (en)" in mce.get(address).content.decode()
    assert mce.post(address, {"traits": ["own_number"]}).status_code == 302
    assert again(stage).traits == ["own_number"]
    step = Step.objects.get(move="set_traits")
    assert (step.words.note, step.source, step.target) == ("own_number", "self_assessment", "self_assessment")
    mce.post(address, {"traits": ["own_number"]})
    assert Step.objects.filter(move="set_traits").count() == 1, "nothing was changed"
    for unknown in (["nobody"], ["nobody", ""]):
        assert mce.post(address, {"traits": unknown}).status_code == 422
    assert again(stage).traits == ["own_number"]
    assert "own_number (en)" in page_of(mce, "evaluation", stage)
    mce.post(address, {})
    assert again(stage).traits == []


@pytest.mark.parametrize(
    ("note", "language", "shown"),
    [
        ("own_number;across_borders", "fr", "own_number (fr), across_borders (fr)"),
        ("own_number", "pl", '<span lang="en">own_number (en)</span>'),
        ("–", "en", "None of those that the Guide names."),
        ("Its own number, at night", "fr", "Its own number, at night"),
    ],
)
def test_a_step_names_the_traits_in_the_language_of_the_reader(
    stage: Stage, note: str, language: str, shown: str
) -> None:
    perform(stage.evaluation, "set_traits", by=stage.people.mce, traits=[])
    step = Step.objects.get(move="set_traits")
    step.words.note = note
    with override(language):
        (line,) = shown_steps([step], stage.evaluation)
        assert marked(line.note) == shown


def changes(stage: Stage, *traits: str, by: User | None = None) -> None:
    change_traits(stage.evaluation, traits, by=by or stage.people.mce)


def test_the_hotline_gets_one_letter_about_what_is_asked_of_it_now(stage: Stage) -> None:
    write_answer(stage.evaluation, "1.1.1", level=3)
    Letter.objects.all().delete()
    changes(stage, "own_number")
    letters = Letter.objects.order_by("to_user")
    assert {letter.to_user for letter in letters} == {stage.coordinator, stage.contributor}
    name = stage.hotline.name
    assert {letter.subject for letter in letters} == {f"{name}: other indicators are asked of you"}
    assert {re.findall("asked: (.*)", letter.body)[0] for letter in letters} == {"1.1.2, 3.2.1, 9.1.1."}
    assert not any("No longer asked" in letter.body for letter in letters)
    changes(stage, "own_number")
    assert letters.count() == 2, "the same again is no change"
    Letter.objects.all().delete()
    changes(stage, "across_borders")
    assert {"No longer asked: 1.1.2, 3.2.1, 9.1.1." in letter.body for letter in Letter.objects.all()} == {True}


def test_no_letter_says_that_nothing_else_is_asked(stage: Stage) -> None:
    Letter.objects.all().delete()
    changes(stage, "across_borders")
    assert again(stage).traits == ["across_borders"]
    assert Letter.objects.count() == 0


def test_a_refused_change_writes_no_letter() -> None:
    stage = Stage("desk_review", framework=SOME)
    Letter.objects.all().delete()
    with pytest.raises(Refusal):
        changes(stage, "own_number")
    assert Letter.objects.count() == 0


def test_a_self_assessment_waits_until_the_traits_are_stated(
    client: Client, stage: Stage, sign_in: Callable[..., Client]
) -> None:
    assert again(stage).traits is None
    assert reasons(stage)[0] == ("traits_not_stated", ())
    mce = sign_in(client, stage.people.mce)
    assert "Not said yet. Until then the self-assessment cannot be submitted." in page_of(mce, "evaluation", stage)
    mce.post(reverse("workspace:traits", args=[stage.evaluation.uid]), {})
    assert again(stage).traits == []
    assert ("traits_not_stated", ()) not in reasons(stage)
    assert "None of those that the Guide names." in page_of(mce, "evaluation", stage)


def test_an_edition_without_traits_asks_nobody_to_state_them() -> None:
    evaluation = Stage("self_assessment").evaluation
    assert (evaluation.traits, the_traits_are_stated(evaluation)) == (None, True)


def test_after_the_submission_the_traits_stay(client: Client, sign_in: Callable[..., Client]) -> None:
    stage = Stage("desk_review", framework=SOME)
    mce, address = sign_in(client, stage.people.mce), reverse("workspace:traits", args=[stage.evaluation.uid])
    answer = mce.post(address, {"traits": ["own_number"]}, follow=True)
    assert "Send it back to change the traits." in answer.content.decode()
    with pytest.raises(Refusal):
        perform(stage.evaluation, "set_traits", by=stage.people.mce, traits=["own_number"])
    assert not again(stage).traits


def test_a_trait_without_a_translation_keeps_the_language_of_its_name(
    client: Client, stage: Stage, sign_in: Callable[..., Client]
) -> None:
    mce = sign_in(client, stage.people.mce)
    address = reverse("workspace:traits", args=[stage.evaluation.uid])
    for language, label in (("pl", '<b><span lang="en">own_number (en)</span></b>'), ("fr", "<b>own_number (fr)</b>")):
        User.objects.filter(pk=stage.people.mce.pk).update(language=language)
        assert label in mce.get(address).content.decode()


def test_the_form_proposes_what_was_said_before(client: Client, stage: Stage, sign_in: Callable[..., Client]) -> None:
    perform(stage.evaluation, "set_traits", by=stage.people.mce, traits=["own_number"])
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state=Evaluation.State.PUBLISHED)
    more = replace(SOME, code="T10", traits=(*SOME.traits, "at_night"))
    following = RoundFactory(edition=released_edition(more))
    (begun,) = open_round(following, [stage.hotline], by=stage.people.mce)
    assert begun.traits is None, "nobody has said whether it has the new one"
    page = sign_in(client, stage.people.mce).get(reverse("workspace:traits", args=[begun.uid]))
    assert page.context["form"]["traits"].value() == ["own_number"]


def test_the_next_evaluation_begins_with_the_last_traits(stage: Stage) -> None:
    perform(stage.evaluation, "set_traits", by=stage.people.mce, traits=["across_borders", "own_number"])
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state=Evaluation.State.PUBLISHED)
    following = RoundFactory(edition=stage.round.edition)
    following.chosen.set([stage.hotline])
    (begun,) = open_planned_round(following, by=stage.people.mce).evaluations
    assert begun.traits == ["own_number", "across_borders"]
    Evaluation.objects.filter(pk=begun.pk).update(state=Evaluation.State.PUBLISHED)
    elsewhere = RoundFactory()  # of an edition that names none
    elsewhere.chosen.set([stage.hotline])
    (without,) = open_planned_round(elsewhere, by=stage.people.mce).evaluations
    assert without.traits is None


# --- After the submission -------------------------------------------------------------------------------------------


def test_assessors_see_the_same_questions(client: Client, sign_in: Callable[..., Client]) -> None:
    stage = Stage("study_visit", framework=SOME)
    assert [indicator.code for indicator in to_be_observed(again(stage))] == ["9.1.2"]
    page = page_of(sign_in(client, stage.people.lead), "findings", stage, "3.2")
    assert "It is not asked of this hotline and needs no finding. Asked only if 1.1.2 is answered with level 2" in page
    assert "needs a finding" not in page


def test_a_scorecard_keeps_what_was_asked(client: Client, sign_in: Callable[..., Client]) -> None:
    stage = Stage("response", framework=SOME)
    card = read_result(stage.evaluation.latest_scorecard)
    bases = {code: one.basis for code, one in card.indicators.items() if not one.is_asked}
    assert bases == dict.fromkeys(["1.1.2", "3.2.1", "9.1.1"], LevelBasis.NOT_ASKED_HERE)
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(traits=["own_number"])
    inputs = read_inputs(stage.evaluation.latest_scorecard)
    assert score(SOME, inputs) == card, "whatever the hotline is later"
    mce = sign_in(client, stage.people.mce)
    assert "Not asked of this hotline" in page_of(mce, "scorecard", stage)
    assert "The Guide does not ask this hotline for it. It is not in this score. Asked only if" in page_of(
        mce, "why", stage, "1.1.2"
    )


def test_a_list_of_evaluations_asks_no_more_of_the_database(
    stage: Stage, django_assert_num_queries: Callable[..., Any]
) -> None:
    evaluation = again(stage)
    assert evaluation.framework.asks_some_only
    with django_assert_num_queries(1):
        assert evaluation.asked
        assert evaluation.asked


# --- Who has it ------------------------------------------------------------------------------------------------------


def test_who_is_given_standards_is_told_of_what_they_are_to_answer(coordinator, stage):
    write_answer(stage.evaluation, "1.1.1", level=3)
    write_answer(stage.evaluation, "1.1.2", level=None)
    assert "1.1.2" in not_asked(stage)
    assign_url = reverse("workspace:assign_standards", args=[stage.evaluation.uid])
    sent = {"standard": ["1.1", "3.1"], "to-chosen": str(stage.contributor.uid)}
    answer = coordinator.post(assign_url, sent, follow=True)
    assert f"1 indicator is with {stage.contributor.name} now." in sentence_of(answer.content.decode())
    assert set(Assignment.objects.values_list("code", flat=True)) == {"1.1.1", "1.1.2", "3.1.1", "3.1.3"}
    today = timezone.localdate()
    (letter,) = write_assignment_letters(today)
    assert letter.subject == "1 indicator is with you now"
    assert f"{stage.hotline.name}: 1.1.1\n" in letter.body
    Answer.objects.filter(evaluation=stage.evaluation, code="1.1.1").update(level=0)
    (letter,) = write_assignment_letters(today + timedelta(days=1))
    assert f"{stage.hotline.name}: 1.1.2\n" in letter.body


def test_what_is_not_asked_is_never_late(stage):
    write_answer(stage.evaluation, "1.1.1", level=3)
    write_answer(stage.evaluation, "1.1.2", level=None)
    assign(stage.evaluation, ["1.1.2"], to=stage.contributor, by=stage.coordinator)
    Assignment.objects.update(until=timezone.localdate() - timedelta(days=9))
    sharing = sharing_for(again(stage), stage.contributor)
    assert (sharing.is_late("1.1.2", ()), sharing.is_mine("1.1.2")) == (False, False)
    Answer.objects.filter(evaluation=stage.evaluation, code="1.1.1").update(level=0)
    sharing = sharing_for(again(stage), stage.contributor)
    assert (sharing.is_late("1.1.2", ()), sharing.is_mine("1.1.2")) == (True, True)


# --- The workbook ----------------------------------------------------------------------------------------------------


def test_a_workbook_has_what_may_be_asked_after_other_answers_and_says_when(stage):
    assert not_asked(stage) == ["1.1.2", "3.2.1", "9.1.1"]
    assert again(stage).possibly_asked.keys() == SOME.indicators.keys(), "nobody has said which traits it has"
    perform(stage.evaluation, "set_traits", by=stage.people.mce, traits=[])
    asked = [one.code for domain in SelfAssessment(again(stage)).domains() for one in domain.indicators]
    assert [code for code in SOME.indicators if code not in asked] == ["9.1.1"]
    book = load_workbook(BytesIO(written(again(stage))))
    page, row, column = place_of(book, "3.2.1", Column.QUESTION)
    assert page.cell(row, column).value == (
        "3.2.1 wording (en)\nAsked only if 1.1.2 is answered with level 2 (2 (en)) or better."
    )


def test_a_confirmed_workbook_is_answered_with_what_is_asked_now(coordinator, stage):
    cells = {("1.1.1", Column.ANSWER): "No", ("1.1.2", Column.ANSWER): "2", ("3.2.1", Column.ANSWER): "1"}
    file = SimpleUploadedFile("filled.xlsx", fill_in(written(again(stage)), cells))
    comparison_url = coordinator.post(reverse("workspace:workbook", args=[stage.evaluation.uid]), {"file": file})[
        "Location"
    ]
    messages = [str(one) for one in coordinator.post(comparison_url, follow=True).context["messages"]]
    assert messages == ["3 answers were saved from the workbook.", "Asked now: 1.1.2, 3.2.1"]
    assert not_asked(stage) == ["9.1.1"]
