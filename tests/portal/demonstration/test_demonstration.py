"""The demonstration: one clock, stages reached by `perform`, individual texts, and the same rows each time."""

import json
import os
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from html import unescape
from random import Random
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from evaluation.consultation.draft_text import find_changes, read_data, read_draft
from evaluation.judging.revision import find_changed_findings
from evaluation.models import (
    Answer,
    Appeal,
    Consultation,
    ConsultationComment,
    Decision,
    Evaluation,
    Finding,
    GoodPractice,
    HostOffer,
    Hotline,
    Recommendation,
    Role,
    Round,
    SheetRow,
    Step,
    TeamMember,
    User,
    Visit,
)
from evaluation.models.people.ties import stakes_of
from evaluation.queries import followed_up
from evaluation.visits.agendas import find_session_problems, newest_agenda, sessions_of
from evaluation.visits.limits import propose_limit
from evaluation.visits.sheets.templates import Kind
from evaluation.workflow import verify_chain
from portal.demonstration.building import build
from portal.demonstration.calendar import plan_visits
from portal.demonstration.clock import Timeline, is_working_day, run_clock
from portal.demonstration.hotlines import EARLIER, LINES
from portal.demonstration.words import bank, facts_of, fill, further
from portal.handbook.models import CountryPage
from portal.handbook.practice import GoodPracticePage
from portal.handbook.reader import ENTRIES
from portal.handbook.terms import TermMarker, read_terms
from portal.rounds.heat_map import heat_rows
from standards.editions.approvals import read_approvals
from standards.editions.compared import of_release, read_mapping
from standards.editions.comparison import Standing
from standards.editions.page_loader import load_guide
from standards.editions.page_reader import read_tree
from standards.editions.release import release
from standards.models import Edition, MappingDecision
from tests.factories import UserFactory
from tests.journeys.conftest import GUIDE
from tests.portal.test_links import kind_of
from tests.scenes import SMALL_DEMONSTRATION

BEGINS = datetime(2025, 3, 3, 9, tzinfo=UTC)


@pytest.mark.django_db
def test_the_clock_tells_time_to_defaults_and_gives_it_back():
    real = timezone.now
    with run_clock(BEGINS):
        assert UserFactory().joined_at.date() == BEGINS.date()
        assert timezone.localdate() == BEGINS.date()
    assert timezone.now is real
    assert UserFactory().joined_at > BEGINS + timedelta(days=1)


def test_the_clock_is_given_back_after_an_error():
    real = timezone.now
    with pytest.raises(RuntimeError), run_clock(BEGINS):
        raise RuntimeError
    assert timezone.now is real


def test_stories_go_on_side_by_side_and_end_today():
    played = []

    def story(name, *days):
        for day in days:
            yield BEGINS + timedelta(days=day)
            played.append(f"{name}{day}")

    with run_clock(BEGINS) as clock:
        timeline = Timeline(clock)
        timeline.begin([story("a", 1, 4, 9), story("b", 2, 3)])
        timeline.play(until=BEGINS + timedelta(days=5))
    assert played == ["a1", "b2", "b3", "a4"]


def test_a_network_of_24_hotlines_is_at_every_stage():
    assert len({line.country for line in LINES}) == 24
    assert {line.reaches for line in LINES} == set(Evaluation.State)
    assert len(EARLIER) == 2


def test_visits_are_on_working_days_by_teams_that_are_in_one_place_whatever_day_it_is():
    for shift in range(365):
        today = BEGINS.date() + timedelta(days=shift)
        opened = today - timedelta(days=270)
        plans = plan_visits([(line, opened, today - timedelta(days=line.visited)) for line in LINES])
        plans = [plan for plan in plans if plan.team]
        days = Counter((person, day) for plan in plans for person in plan.team for day in (plan.visit, plan.last_day))
        assert max(days.values()) == 1
        assert all(is_working_day(plan.visit) and is_working_day(plan.last_day) for plan in plans)
        assert {plan.last_day - plan.visit for plan in plans} == {timedelta(days=1)}
        assert len({plan.team for plan in plans}) > 3


def test_no_sentence_stands_twice_in_the_bank():
    banks = (*bank().values(), further())
    sentences = Counter(text for kinds in banks for texts in kinds.values() for text in texts)
    assert [text for text, times in sentences.items() if times > 1 and len(text) > 60] == []


def rows() -> list[tuple]:
    """Return the created rows without random values: identifiers and seals."""
    answers = Answer.objects.values_list(
        "evaluation__hotline__code", "code", "level", "value", "words", "by__email", "at"
    )
    findings = Finding.objects.values_list("evaluation__hotline__code", "code", "level", "words", "by__email", "at")
    steps = Step.objects.values_list("kind", "move", "source", "target", "at", "words__name", "words__note")
    return [*sorted(answers, key=str), *sorted(findings, key=str), *sorted(steps, key=str)]


@pytest.mark.long
@pytest.mark.django_db
def test_the_same_again_has_the_same_rows():
    release(load_guide(GUIDE).page)
    found = []
    for _again in range(2):
        with transaction.atomic():
            build(only=("XA", "XN"), report_progress=lambda _text: None)
            found.append(rows())
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert len(found[0]) > 200


# --- The created rows: a scene, which the browser tests have already set up ------------------------------------------

IS_WHOLE = bool(os.environ.get("WHOLE_DEMONSTRATION"))


@pytest.fixture
def demonstration(db: None) -> None:
    """Set up the small demonstration, or the full one: a scene."""


def built(test):
    """Mark a test of the created rows. It runs with the browser tests, so that one process sets up the scene."""
    return pytest.mark.browser(pytest.mark.usefixtures("demonstration")(test))


@built
def test_each_hotline_came_as_far_as_it_was_to_come():
    newest = Evaluation.objects.filter(round=Round.objects.latest("opens_on"))
    assert dict(newest.values_list("hotline__country", "state")) == {
        line.country: line.reaches for line in LINES if IS_WHOLE or line.country in SMALL_DEMONSTRATION
    }
    assert Round.objects.count() == (1 + len(EARLIER) if IS_WHOLE else 1)


@built
def test_everything_stands_in_the_log_in_its_order():
    for kind, uid in set(Step.objects.values_list("kind", "uid")):
        steps = list(Step.objects.filter(kind=kind, uid=uid).select_related("words__by").order_by("seq"))
        assert verify_chain(steps) == []
        assert [step.at for step in steps] == sorted(step.at for step in steps)
        assert steps[-1].at.date() < timezone.localdate()


@built
def test_time_passes_in_it():
    for visit in Visit.objects.select_related("evaluation"):
        written = Answer.objects.filter(evaluation=visit.evaluation, version__gt=0).values_list("at", flat=True)
        assert max(written).date() < visit.starts_on
        assert max(written) - min(written) > timedelta(days=30)
        assert is_working_day(visit.starts_on)
        assert is_working_day(visit.ends_on)
        changed = find_changed_findings(visit.evaluation.latest_scorecard)
        assert not changed or visit.evaluation.state == Evaluation.State.DECISION
        seen = Finding.objects.filter(evaluation=visit.evaluation, version__gt=0).exclude(code__in=changed)
        found = seen.values_list("at", flat=True)
        assert all(visit.starts_on <= timezone.localtime(at).date() <= visit.ends_on for at in found)
        decision = visit.evaluation.decisions.order_by("pk").first()
        assert decision is None or decision.decided_on > visit.ends_on + timedelta(days=30)
    late = Evaluation.objects.filter(state=Evaluation.State.SELF_ASSESSMENT).select_related("round")
    assert all(evaluation.round.answers_until < timezone.localdate() for evaluation in late)


@built
def test_every_visit_has_an_agenda_that_can_be_held_and_was_sent_before():
    for visit in Visit.objects.all():
        agenda = newest_agenda(visit)
        assert agenda
        assert agenda.sent_at
        assert timezone.localtime(agenda.sent_at).date() < visit.starts_on
        assert len(agenda.sessions) > 3
        assert find_session_problems(sessions_of(agenda), visit.days) == []


@built
def test_sheets_are_filled_in_on_every_visit_and_frozen_once_it_is_signed_off():
    held = [visit for visit in Visit.objects.all() if visit.has_begun]
    assert len(held) > 1
    for visit in held:
        rows = SheetRow.objects.filter(sheet__visit=visit).select_related("sheet")
        contacts = [row for row in rows if row.sheet.kind == Kind.CONTACTS]
        is_over = visit.state in Visit.AFTER_SIGN_OFF
        assert len(contacts) == (10 if is_over else 4)
        assert {row.day for row in contacts} == {visit.starts_on}
        assert {row.signed_off_at is not None for row in rows} == {is_over}
        assert {row.sheet.kind for row in rows} == {Kind.CONTACTS, Kind.FILES, Kind.INTERVIEWS}


ALIKE = 2
"""How many pages of one view are opened; of pages of the CMS, in one section and at one depth."""


@built
def test_no_public_page_leads_into_the_workspace_except_to_sign_in():
    client, opened, inside = Client(), Counter(), {}
    listed = re.findall(r"<loc>http://[^/]+(/en/[^<]*)</loc>", client.get("/sitemap.xml").content.decode())
    waiting, signs_in = dict.fromkeys(listed, "the sitemap"), reverse("account_login")
    seen = set(waiting)
    while waiting:
        address = next(iter(waiting))
        offered_on = waiting.pop(address)
        with translation.override("en"):
            kind = kind_of(address)
        if kind == "wagtail_serve":
            kind = f"{address.split('/')[2:4]} {address.count('/')}"
        if opened[kind] >= ALIKE or "pdf" in address:
            continue
        opened[kind] += 1
        page = client.get(address, follow=True)
        if page.streaming or not page.headers.get("Content-Type", "").startswith("text/html"):
            continue
        assert page.status_code == 200, (address, offered_on)
        for name, link in re.findall(r'\s(href|(?:form)?action|data-hx-get)="([^"]*)"', page.content.decode()):
            target, _place = urldefrag(urljoin(address, unescape(link)))
            if re.match(r"/(?:work|accounts|cms)\b", urlsplit(target).path):
                if urlsplit(target).path != signs_in and not urlsplit(target).netloc:
                    inside.setdefault(target, address)
            elif name == "href" and target.startswith("/en/") and target not in seen:
                seen.add(target)
                waiting[target] = address
    assert inside == {}
    assert {"pages:register", "pages:hotline", "pages:figures"} <= set(opened)


@built
def test_one_assessor_has_a_tie():
    tied = User.objects.get(email="dimitar@assessors.example")
    ties = {e.hotline.country: stakes_of(tied, e.hotline) for e in Evaluation.objects.select_related("hotline")}
    assert [country for country, found in ties.items() if found] == ["XB"]
    assert not TeamMember.objects.exclude(user__memberships__role=Role.ASSESSOR).exists()


def is_kept(answer):
    """Whether a renewing hotline left its earlier answer as it was."""
    return answer.evaluation.renews.answers.filter(words=answer.words).exists()


@pytest.mark.parametrize("year", [2023, 2026, 2028])
def test_nobody_names_a_year_that_is_to_come_as_past(year):
    facts = facts_of(LINES[0], 0, "Near")
    with run_clock(BEGINS.replace(year=year)):
        found = {int(fill("{2021..2025}", facts, Random(seed))) for seed in range(60)}
        others = {int(fill("{1200..4800}", facts, Random(seed))) for seed in range(60)}
    assert found == set(range(year - 5, year))
    assert len(others) > 20


@built
def test_no_answer_and_no_finding_names_a_later_year_except_as_an_end():
    for model in (Answer, Finding):
        for at, words in model.objects.filter(version__gt=0).values_list("at", "words"):
            for sentence in re.split(r"(?<=[.!?]) ", words):
                years = {int(one) for one in re.findall(r"\b20[123]\d\b", sentence)}
                assert all(one <= at.year for one in years) or re.search("until|ends in", sentence), (at, sentence)


@built
def test_everybody_uses_their_own_words():
    kept = {
        answer.pk
        for answer in Answer.objects.filter(version__gt=0, evaluation__renews__isnull=False)
        if is_kept(answer)
    }
    answers = Answer.objects.filter(version__gt=0).exclude(pk__in=kept).values_list("words", flat=True)
    findings = Finding.objects.filter(version__gt=0).values_list("words", flat=True)
    counts = Counter([*answers, *findings, *Decision.objects.values_list("reasons", flat=True)])
    assert "" not in counts
    assert [words for words, times in counts.items() if times > 1] == []
    texts = json.loads(Edition.objects.get(code="2026").wordings.get(language="en").payload)
    levels = {text.rstrip(".") for path, text in texts.items() if "/level/" in path}
    assert levels
    assert not any(words.rstrip(".") in levels for words in counts)


@built
def test_no_sentence_stands_twice_in_a_report():
    for evaluation in Evaluation.objects.select_related("hotline"):
        findings = evaluation.findings.filter(version__gt=0).values_list("words", flat=True)
        answers = evaluation.answers.filter(version__gt=0).values_list("words", flat=True)
        said = [*findings, *answers, *evaluation.draft_remarks.values_list("words", flat=True)]
        counts = Counter(one for words in said for one in re.split(r"(?<=[.!?]) ", words))
        assert [(evaluation.hotline.country, one) for one, times in counts.items() if times > 1] == []


@built
def test_an_edition_is_released_in_the_year_of_its_name_and_examined_by_from_then_on():
    former, present = Edition.objects.order_by("released_at")
    assert [(one.code, one.released_at.year) for one in (former, present)] == [("2023", 2023), ("2026", 2026)]
    newest = Round.objects.latest("opens_on")
    assert (newest.edition, newest.is_renewing) == (present, True)
    assert set(former.wordings.values_list("language", flat=True)) == {"en", "fr"}
    assert set(present.wordings.values_list("language", flat=True)) == {"en", "fr"}
    earlier = Round.objects.exclude(pk=newest.pk)
    assert all(round_.edition == former for round_ in earlier)
    assert earlier.count() == (len(EARLIER) if IS_WHOLE else 0)


@built
def test_the_editors_decided_which_answers_to_changed_questions_stay_valid():
    former, present = (of_release(edition) for edition in Edition.objects.order_by("released_at"))
    mapping = read_mapping(former, present)
    standings = Counter(mapped.standing for mapped in mapping.mapped if mapped.standing is not Standing.UNCHANGED)
    assert standings == {Standing.CONFIRMED: 5, Standing.REJECTED: 3, Standing.OPEN: 1}
    assert mapping.sources("10.4.1") == ("10.4.1",)
    assert mapping.sources("10.4.2") == ()
    rejected, new, removed = {"2.3.4", "5.1.1"}, {"2.4.3", "8.4.3", "9.2.4"}, {"9.3.4"}
    assert set(mapping.unpaired_before) == rejected | removed
    assert set(mapping.unpaired_now) == rejected | new | {"10.4.2"}
    for row in MappingDecision.objects.all():
        assert Edition.objects.get(code="2026").released_at < row.at < timezone.now()


@built
def test_a_renewing_hotline_has_its_earlier_answers_and_keeps_some():
    renewing = Evaluation.objects.filter(renews__isnull=False).select_related("renews")
    assert set(renewing.values_list("hotline__country", flat=True)) == (
        {line.country for _ago, lines in EARLIER for line in lines} & {line.country for line in LINES}
        if IS_WHOLE
        else set()
    )
    for evaluation in renewing:
        written = list(evaluation.answers.filter(version__gt=0))
        kept = sum(map(is_kept, written))
        assert 5 < kept < len(written) / 3
        rejected = evaluation.answers.get(code="5.1.1")
        assert rejected.version > 0
        assert not is_kept(rejected)
        if evaluation.state == Evaluation.State.SELF_ASSESSMENT:
            waiting = [answer for answer in evaluation.answers.filter(version=0) if answer.has_judgement]
            assert waiting
            assert "10.4.2" not in {answer.code for answer in waiting}


@built
def test_what_the_panel_says_belongs_to_what_was_found():
    for decision in Decision.objects.select_related("evaluation__hotline"):
        short = set(decision.evaluation.recommendations.values_list("code", flat=True))
        assert {requirement.code for requirement in decision.requirements.all()} - {""} <= short
        if decision.outcome == "conditional":
            assert decision.requirements.exists()


@built
def test_outcomes_and_what_becomes_of_them_are_of_all_kinds():
    assert Appeal.objects.count() == 1
    assert not Evaluation.objects.filter(hotline__is_invented=False).exists()
    assert {hotline.country[0] for hotline in Hotline.objects.filter(is_invented=True)} <= {"X", "Q"}
    state = Recommendation.State
    states = set(Recommendation.objects.values_list("state", flat=True))
    assert {state.DRAFTED, state.ISSUED, state.ACCEPTED, state.IN_PROGRESS, state.CONTESTED, state.CLOSED} <= states
    outcomes = set(Decision.objects.values_list("outcome", flat=True))
    newest = Round.objects.latest("opens_on")
    evaluations = list(newest.evaluations.select_related("hotline", "round__edition"))
    colours = {cell.step for row in heat_rows(evaluations, newest.edition) for cell in row.cells}
    if IS_WHOLE:
        assert outcomes == {"accredited", "conditional", "deferred", "not_accredited"}
        assert colours == {0, 1, 2, 3, None}
        (again,) = Evaluation.objects.filter(followed_up())
        assert (again.hotline.country, again.newest_accreditation.is_valid) == ("XU", True)
        assert again.visit.only_codes == propose_limit(again)
    else:
        assert len(outcomes) == 3
        assert colours >= {1, 2, 3, None}


@built
def test_a_consultation_is_closed_with_its_report_and_another_is_open():
    first, second = Consultation.objects.order_by("opens_on")
    assert (first.is_closed, second.is_open, second.takes_comments) == (True, True, True)
    assert first.comments.exclude(words="").filter(answer=None).count() == 0
    assert second.comments.filter(answer__isnull=False).count() == 1
    assert second.comments.worded().unresolved().exists()
    assert {comment.urgency for comment in ConsultationComment.objects.all()} == {1, 2, 3}
    draft = second.page
    assert (first.page, draft.why_frozen(), draft.code) == (draft, "", first.edition_code)
    changes = find_changes(read_data(first.text.content), read_draft(draft), ["6.1.2", "7.3.3", "2.1.1"])
    assert set(changes) == {"6.1.2", "7.3.3"}
    approvals = {one.where: one for one in read_approvals(read_tree(draft)) if one.approvals}
    assert list(approvals) == ["domain/D7"]
    assert approvals["domain/D7"].is_approved


@built
def test_a_hotline_is_in_the_library_of_good_practice_and_hosts_others():
    (practice,) = GoodPractice.objects.filter(finding__evaluation__hotline__country="XZ")
    pages = GoodPracticePage.public().filter(practice=practice, is_sample=True)
    assert sorted(pages.values_list("locale__language_code", flat=True)) == ["en", "fr"]
    assert HostOffer.objects.filter(hotline__country="XZ").count() == 1


@built
def test_the_handbook_is_a_sample_in_two_languages():
    written = [model for model in ENTRIES if model is not GoodPracticePage]
    for model in written:
        languages = Counter(model.objects.live().filter(is_sample=True).values_list("locale__language_code", flat=True))
        assert len(languages) == 2
        assert languages["en"] == languages["fr"] == model.objects.count() / 2
    assert all(page.is_translated and page.belongs_to for model in ENTRIES for page in model.objects.all())
    assert {page.is_overdue for page in CountryPage.objects.all()} == {True, False}
    marker = TermMarker(read_terms())
    texts = Edition.objects.get(code="2026").texts("en")
    for code in Edition.objects.get(code="2026").framework.indicators:
        marker.mark(texts[f"indicator/{code}/guidance"])
    assert len(marker.marked) >= 4
