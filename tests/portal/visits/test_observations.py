"""Recording separately, on pages: what is saved, what a colleague sees of it, and how the team agrees then."""

import re
from collections.abc import Callable
from datetime import time
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.answers.judgements import AnswerInput, save_finding, save_observation
from evaluation.models import Finding, Observation, UnresolvedText, User, Visit
from evaluation.visits.interests import step_aside
from evaluation.visits.planning import TeamPlan
from evaluation.visits.sheets.rows import RowInput, save_sheet_row
from evaluation.visits.sheets.templates import Kind as SheetKind
from evaluation.visits.sheets.templates import SheetTemplate
from evaluation.workflow import perform
from portal.visits.sheet_templates.reader import find_templates
from tests.bystander import new
from tests.factories import begin_visit, finish_recording
from tests.stage import Stage

pytestmark = pytest.mark.django_db

SCRIPT = {"Accept": "application/json"}
SignIn = Callable[..., Client]


@pytest.fixture
def stage() -> Stage:
    return Stage.minimal("study_visit", visit_state="under_way", has_findings=False)


def place(stage: Stage, name: str, *args: str) -> str:
    return reverse(f"workspace:{name}", args=[stage.evaluation.uid, *args])


def save(client: Client, stage: Stage, code: str = "3.2.1", *, by_script: bool = True, **fields: Any) -> Any:
    address = place(stage, "save_observation", stage.framework.standard_of[code].code, code)
    fields.setdefault("version", "0")
    return client.post(address, fields, headers=SCRIPT if by_script else {})


def record(stage: Stage, by: User, level: int, code: str = "3.2.1") -> None:
    answer = AnswerInput(level=level, words=f"By {by.name}: level {level}.", concern="Nights.")
    save_observation(stage.evaluation, code, answer, version=0, by=by)


# --- Saved -----------------------------------------------------------------------------------------------------------


def test_an_assessor_records_on_the_page_of_a_standard(stage: Stage, sign_in: SignIn):
    client = sign_in(Client(), stage.people.assessor)
    page = client.get(place(stage, "observations", "3.2")).content.decode()
    assert 'name="strength-3.2.1"' in page
    fields = {"level": "2", "words": "Two desks.", "strength": "Calm.", "concern": "Nights.", "good_practice": "on"}
    assert save(client, stage, **fields).json()["version"] == 1
    kept = new(Observation).get()
    assert (kept.by, kept.level, kept.words, kept.strength, kept.concern, kept.good_practice) == (
        *(stage.people.assessor, 2, "Two desks.", "Calm.", "Nights.", True),
    )
    assert Finding.objects.get(evaluation=stage.evaluation, code="3.2.1").version == 0
    page = client.get(place(stage, "observations", "3.2")).content.decode()
    assert "Two desks." in page
    assert "Nights." in page


def test_a_plain_form_saves_only_what_was_changed_the_strength_too(stage: Stage, sign_in: SignIn):
    client = sign_in(Client(), stage.people.assessor)
    record(stage, stage.people.assessor, 2)
    page = client.get(place(stage, "observations", "3.2"))
    (shown,) = [pair["shown"] for pair in page.context["pairs"] if pair["shown"].code == "3.2.1"]
    sent = {
        "level-3.2.1": "2",
        "words-3.2.1": shown.words,
        "concern-3.2.1": "Nights.",
        "version-3.2.1": "1",
        "was-3.2.1": shown.fingerprint,
    }
    client.post(place(stage, "observations", "3.2"), sent)
    assert new(Observation).get().version == 1
    client.post(place(stage, "observations", "3.2"), sent | {"strength-3.2.1": "Calm."})
    assert (new(Observation).get().version, new(Observation).get().strength) == (2, "Calm.")


def test_two_devices_of_one_assessor_keep_both_texts(stage: Stage, sign_in: SignIn):
    client = sign_in(Client(), stage.people.assessor)
    save(client, stage, level="2", words="On the telephone.")
    answer = save(client, stage, level="1", words="On the tablet.", concern="Nights.")
    assert answer.status_code == 409
    panel = answer.json()["panel"]
    assert "You wrote here on two devices. Nothing is lost." in panel
    assert "Nights." in panel
    assert answer.json()["theirs"]["words"] == "On the telephone."
    kept = UnresolvedText.objects.get()
    assert (kept.kind, kept.words, kept.concern) == ("observed", "On the tablet.", "Nights.")
    client.post(reverse("workspace:use_text", args=[kept.uid]), {f"version-{kept.uid}": "1"})
    assert (new(Observation).get().words, new(Observation).get().concern) == ("On the tablet.", "Nights.")
    history = client.get(reverse("workspace:versions", args=[stage.evaluation.uid, "observed", "3.2.1"]))
    assert "On the telephone." in history.content.decode()


def test_what_comes_after_finishing_comes_back_to_its_author(stage: Stage, sign_in: SignIn):
    client = sign_in(Client(), stage.people.assessor)
    page = client.post(place(stage, "finish_recording"), follow=True).content.decode()
    assert "You have finished recording." in page
    answer = save(client, stage, level="1", words="One more thing.")
    assert answer.status_code == 423
    assert "while the visit is under way and you have not finished" in answer.json()["problem"]
    assert UnresolvedText.objects.get().words == "One more thing."
    client.post(place(stage, "go_on_recording"))
    assert save(client, stage, level="1", words="One more thing.").status_code == 200


def test_who_lost_the_seat_still_reads_and_discards_a_text_that_was_not_kept(stage: Stage, sign_in: SignIn):
    by = stage.people.assessor
    record(stage, by, 1)
    client = sign_in(Client(), by)
    save(client, stage, words="On the telephone.", strength="Calm.", level="2")
    text = UnresolvedText.objects.get()
    stage.visit.team.filter(user=by).delete()
    listed = reverse("workspace:unresolved", args=[text.uid])
    assert listed in client.get(reverse("workspace:home")).content.decode()
    page = client.get(listed)
    assert page.status_code == 200
    assert all(words in page.content.decode() for words in ("On the telephone.", "Calm.", "not open to you any more"))
    assert sign_in(Client(), stage.people.lead).get(listed).status_code == 404
    answer = client.post(reverse("workspace:discard_text", args=[text.uid]), {"rendered_for": str(by.uid)})
    assert (answer.url, UnresolvedText.objects.count()) == (reverse("workspace:home"), 0)


@pytest.mark.parametrize("level", ["9" * 5000, "\u00b2", "-1", "1e3", "9"])
def test_a_level_that_nobody_can_choose_is_refused_at_its_field(stage: Stage, sign_in: SignIn, level: str):
    assert save(sign_in(Client(), stage.people.assessor), stage, level=level).status_code == 422


def test_a_wrong_number_comes_back_at_its_field_with_everything_typed(stage: Stage, sign_in: SignIn):
    client = sign_in(Client(), stage.people.assessor)
    answer = save(client, stage, "3.2.2", by_script=False, value="a lot", words="Counted.", strength="Calm.")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert all(text in page for text in ('value="a lot"', "Counted.", "Calm."))
    assert not new(Observation).exists()


# --- Separately ------------------------------------------------------------------------------------------------------

CHANGES = re.compile(
    r'data-token="[^"]*"|csrfmiddlewaretoken"\s+value="[^"]*"|nonce="[^"]*"|nonce-[^\' ;]*|'
    r'"X-CSRFToken": "[^"]*"|data-draft="[^"]*"|(draft_uid[^"]*|save_uid|"uid)"\s+value="[^"]*"',
    re.IGNORECASE,
)


def read_all(client: Client, stage: Stage, most: int) -> dict[str, bytes]:
    """Return every page that links lead to from the list of visits, at most `most`, without tokens and nonces."""
    found: dict[str, bytes] = {}
    uid = str(stage.evaluation.uid)
    waiting = [
        *(reverse(f"workspace:{name}") for name in ("home", "visits")),
        *(place(stage, name) for name in ("visit", "divergences", "evaluation", "scorecard", "agenda")),
        *(place(stage, name, "3.2") for name in ("observations", "findings")),
        *(place(stage, "sheet", kind) for kind in SheetKind),
        *(place(stage, "versions", kind, "3.2.1") for kind in ("finding", "observed", "answer")),
        place(stage, "why", "3.2.1"),
    ]
    while waiting and len(found) < most:
        address = waiting.pop(0)
        if address in found:
            continue
        answer = client.get(address)
        content = answer.getvalue()  # which also closes a file
        text = "" if answer.streaming else CHANGES.sub("", content.decode(errors="replace"))
        found[address] = f"{answer.status_code} {answer.get('Location', '')} {text}".encode()
        waiting += [link for link in re.findall(r'href="(/work/[^"#?]*)', text) if uid in link]
    return found


def sheet_row(stage: Stage, template: SheetTemplate) -> RowInput:
    """Return a row of a sheet of any kind."""
    is_counted = template.kind == SheetKind.FILES
    marks = {criterion.key: 1 if is_counted else "met" for criterion in template.criteria}
    fields: dict[str, Any] = {"role": "Shift lead", "topic": "Nights", "looked_at": 1, "words": "Calm.", "marks": marks}
    return RowInput("chat", "fr", stage.round.today, time(9), **fields)


def attack(stage: Stage, sign_in: SignIn, who: str, most: int) -> None:
    """Read as a colleague before and after an assessor records, and assert that the pages are the same."""
    client, assessor = sign_in(Client(), stage.user(who)), stage.people.assessor
    before = read_all(client, stage, most)
    for code, level in (("3.2.1", 1), ("1.1.2", 0)):
        record(stage, assessor, level, code)
    save_observation(stage.evaluation, "3.2.1", AnswerInput(level=2), version=1, by=assessor)
    save(sign_in(Client(), assessor), stage, level="3", words="From the other device.")
    for template in find_templates().values():
        save_sheet_row(stage.visit, template, uuid4(), sheet_row(stage, template), version=0, by=assessor)
    after = read_all(client, stage, most)
    assert [address for address in before if before[address] != after[address]] == []
    assert len(before) > 10
    own = sign_in(Client(), assessor).get(place(stage, "observations", "3.2")).content.decode()
    assert "From the other device." in own


def test_no_page_tells_what_a_colleague_recorded(stage: Stage, sign_in: SignIn):
    attack(stage, sign_in, "lead", 17)


@pytest.mark.long
@pytest.mark.parametrize("who", ["lead", "mce", "coordinator"])
def test_no_page_far_and_wide_tells_it_either(sign_in: SignIn, who: str):
    attack(Stage("study_visit", visit_state="under_way"), sign_in, who, 80)


def test_others_see_only_who_has_finished(stage: Stage, sign_in: SignIn):
    record(stage, stage.people.assessor, 1)
    perform(stage.visit, "finish_recording", by=stage.people.assessor)
    for who in ("mce", "lead"):
        page = sign_in(Client(), stage.user(who)).get(place(stage, "visit")).content.decode()
        text = " ".join(re.sub(r"<[^>]*>", " ", page).split())
        assert f"{stage.people.assessor.name}: has finished" in text
        assert f"{stage.people.lead.name}: is recording" in text
        assert "level 1" not in page


def test_the_counts_of_the_visit_are_ones_own(stage: Stage, sign_in: SignIn):
    record(stage, stage.people.assessor, 1)
    own, other, mce = (
        sign_in(Client(), stage.user(who)).get(place(stage, "visit")) for who in ("assessor", "lead", "mce")
    )

    def seen(page: Any) -> list[int]:
        rows = [row["progress"] for domain in page.context["domains"] for row in domain["standards"]]
        return [row.answered for row in rows if row and row.answered]

    assert (seen(own), seen(other), seen(mce)) == ([1], [], [])


# --- Together --------------------------------------------------------------------------------------------------------


def test_what_each_recorded_stands_side_by_side_once_all_have_finished(stage: Stage, sign_in: SignIn):
    record(stage, stage.people.lead, 3)
    for user in (stage.people.assessor, stage.people.judge):
        record(stage, user, 2)
    client = sign_in(Client(), stage.people.assessor)
    early = client.get(place(stage, "divergences"), follow=True)
    assert "compared when all of the team have finished" in early.content.decode()
    finish_recording(stage.visit)
    page = client.get(place(stage, "divergences"))
    assert [pair["shown"].code for pair in page.context["pairs"]] == ["3.2.1"]
    text = page.content.decode()
    for user, level in ((stage.people.lead, 3), (stage.people.assessor, 2)):
        assert f"By {user.name}: level {level}." in text
    assert "The assessors differ on 1 indicator." in client.get(place(stage, "visit")).content.decode()
    agreed = AnswerInput(level=2, words="Agreed on 2.")
    save_finding(stage.evaluation, "3.2.1", agreed, version=0, by=stage.people.lead)
    mce = sign_in(Client(), stage.people.mce).get(place(stage, "findings", "3.2")).content.decode()
    assert "Agreed on 2." in mce
    assert "Recorded apart from each other" in mce
    assert sign_in(Client(), stage.coordinator).get(place(stage, "divergences")).status_code == 403


def test_what_somebody_recorded_who_left_the_team_is_not_offered_as_a_finding(stage: Stage, sign_in: SignIn):
    left, lead, judge = stage.people.assessor, stage.people.lead, stage.people.judge
    for user, level in ((left, 0), (lead, 1), (judge, 3)):
        record(stage, user, level)
    step_aside(stage.visit, "My aunt works there.", by=left)
    perform(stage.visit, "change_team", by=stage.people.mce, wanted=TeamPlan(lead, (judge,)))
    begin_visit(stage.visit, by=lead)
    finish_recording(stage.visit)
    for name, args in (("divergences", ()), ("findings", ("3.2",))):
        page = sign_in(Client(), lead).get(place(stage, name, *args)).content.decode()
        assert (f"By {lead.name}" in page, f"By {judge.name}" in page, f"By {left.name}" in page) == (True, True, False)


def test_the_lead_is_told_what_stands_between_them_and_signing_off(stage: Stage, sign_in: SignIn):
    record(stage, stage.people.lead, 3)
    record(stage, stage.people.assessor, 2)
    visit = finish_recording(stage.visit)
    save_finding(stage.evaluation, "3.2.1", AnswerInput(level=3), version=0, by=stage.people.lead)
    page = sign_in(Client(), stage.people.lead).get(place(stage, "visit"))
    (sign_off,) = [move for move in page.context["moves"] if move.name == "sign_off"]
    assert "1 finding on which the assessors differed does not say how they agreed" in [
        r.what for r in sign_off.reasons
    ]
    assert visit.state == Visit.State.FINDINGS_ENTERED


def test_the_lead_goes_on_without_the_others_with_a_reason(stage: Stage, sign_in: SignIn):
    client = sign_in(Client(), stage.people.lead)
    assert "Why is nobody waited for?" not in client.get(place(stage, "visit")).content.decode()
    client.post(place(stage, "finish_recording"))
    assert "Why is nobody waited for?" in client.get(place(stage, "visit")).content.decode()
    client.post(place(stage, "move_visit", "close_recording"), {"note": "One of us is ill."})
    assert new(Visit).get().state == "findings_entered"


def test_what_one_saw_is_taken_as_the_finding_with_their_name(stage: Stage, sign_in: SignIn):
    record(stage, stage.people.assessor, 2)
    finish_recording(stage.visit)
    client = sign_in(Client(), stage.people.lead)
    (pair,) = client.get(place(stage, "divergences")).context["pairs"]
    (original,) = pair["originals"]
    address = place(stage, "save_finding", "3.2", "3.2.1")
    assert client.post(address, {"version": "0", **original.taken}).status_code == 302
    found = Finding.objects.get(evaluation=stage.evaluation, code="3.2.1")
    name = stage.people.assessor.name
    assert (found.level, found.words) == (2, f"{name}: By {name}: level 2.\nConcern: Nights.")
    assert client.post(address, {**original.taken, "version": "0", "words": "Otherwise."}).status_code == 409


# --- Queries ---------------------------------------------------------------------------------------------------------


def test_the_pages_ask_as_much_of_the_database_for_much_as_for_little(
    stage: Stage, sign_in: SignIn, django_assert_max_num_queries: Any
):
    client = sign_in(Client(), stage.people.lead)
    for user in (stage.people.lead, stage.people.assessor):
        for number, code in enumerate(stage.framework.indicators):
            if stage.framework.indicators[code].measure == "scale":
                record(stage, user, number % 2 if user == stage.people.lead else 3, code)
    with django_assert_max_num_queries(50):
        client.get(place(stage, "observations", "3.2"))
    finish_recording(stage.visit)
    with django_assert_max_num_queries(50):
        assert len(client.get(place(stage, "divergences")).context["pairs"]) > 3
