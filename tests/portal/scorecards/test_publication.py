"""Publishing an outcome: its extent is chosen, shown, confirmed and changed, and no version names staff."""

import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from pypdf import PdfReader

from evaluation.models import Decision, Evaluation, Finding, Publication, PublicExtent, Recommendation, Step
from evaluation.workflow import Refusal, perform
from portal.letters.models import Letter
from reports.models import Issue, Printing
from reports.printing import make_issue, request_report
from tests.bystander import new
from tests.factories import (
    DecisionFactory,
    IssueFactory,
    RequirementFactory,
    ResponseFactory,
    write_answer,
)
from tests.publishing import confirmed, publish_on_page
from tests.stage import Stage

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]
FIRST, LAST = "Zdzislawa", "Brzeczyszczykiewicz"
SECRETS = (FIRST, "Brzecz", "Ottokar", "Nachtigall")


def flat(page: Any) -> str:
    return " ".join(strip_tags(page.content.decode()).split())


def status_of(client: Client, url: str) -> int:
    answer = client.get(url)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer.status_code


def address(stage: Stage) -> str:
    return reverse("workspace:publish", args=[stage.evaluation.uid])


def decided_with_names() -> Stage:
    """Return a decided stage with the names of two people of the hotline in every text that people write."""
    stage = Stage("decision")
    for user, name in ((stage.coordinator, f"{FIRST} {LAST}"), (stage.contributor, "Ottokar Nachtigall")):
        user.name = name
        user.save(update_fields=["name"])
    named = f"{FIRST} {LAST} and Mr Nachtigall use the account night; ask {LAST}’s deputy Ottokar."
    for code, indicator in stage.framework.indicators.items():
        if not indicator.from_figures:
            write_answer(stage.evaluation, code, words=f"Answer of {named}")
            write_answer(
                stage.evaluation, code, Finding, words=f"Finding {code}: {named}", good_practice=code == "1.1.1"
            )
    new(Recommendation).delete()
    Recommendation.objects.create(
        evaluation=stage.evaluation,
        code="1.2.1",
        title=f"Share with {FIRST}",
        text=f"Text: {named}",
        look_for=f"Look for {named}",
        owner=f"{FIRST} {LAST}",
        state="issued",
    )
    if not hasattr(stage.scorecard, "response"):
        ResponseFactory(scorecard=stage.scorecard, words=named, remarks={"1.1.2": f"Remark: {named}"})
    stage.decision = DecisionFactory(
        scorecard=stage.scorecard, decided_by=stage.people.panel, outcome="conditional", reasons=f"Reasons: {named}"
    )
    RequirementFactory(decision=stage.decision, text=f"Condition: {named}", code="1.1.2")
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state="decided")
    stage.evaluation.refresh_from_db()
    stage.issue = IssueFactory(decision=stage.decision)
    return stage


def text_of(issue: Issue) -> str:
    with issue.pdf.open("rb") as file:
        reader = PdfReader(io.BytesIO(file.read()))
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages) + str(reader.metadata)


@pytest.mark.parametrize("extent", ["outcome", "summary", "whole"])
def test_no_version_for_the_public_names_staff_at_any_extent(extent: str, sign_in: SignIn) -> None:
    stage = decided_with_names()
    if extent != "outcome":
        make_issue(stage.decision, "en", extent=extent)
    mce = sign_in(Client(), stage.people.mce)
    assert "Outcome published" in flat(publish_on_page(mce, stage.evaluation, extent))
    public, read = Client(), {}
    read["page"] = public.get("/en/register/XA/").content.decode()
    read["page in French"] = public.get("/fr/register/XA/").content.decode()
    read["register"] = public.get("/en/register/").content.decode()
    why = public.get("/en/register/XA/why/1.1.2/")
    read["why"] = why.content.decode()
    read["JSON"] = public.get(reverse("pages:result", args=["XA", stage.decision.uid])).content.decode()
    for issue in new(Issue).exclude(extent=""):
        answer = public.get(reverse("pages:paper", args=["XA", issue.uid]))
        assert (answer.status_code, b"".join(answer.streaming_content)[:5]) == (200, b"%PDF-")
        read["paper"] = text_of(issue)
        read["document"] = issue.document
        read["verify"] = flat(public.get(f"/en/verify/{issue.document_sha256[:16]}/"))
        assert "This report is ours, and it stands." in read["verify"]
        for left_out in ("Who", "Look for", "Answer of", "Remark", stage.people.lead.name):
            assert not re.search(rf"\b{left_out}\b", read["paper"]), left_out
    found = {(where, secret) for where, text in read.items() for secret in SECRETS if secret.lower() in text.lower()}
    assert not found
    assert "Condition: a member of staff and Mr a member of staff use the account" in read["page"]
    is_whole = extent == "whole"
    assert ("Reached" in read["page"]) is (extent != "outcome")
    assert ("Share with a member of staff" in read["page"]) is is_whole
    assert ('"format":"116000-result"' in read["JSON"]) is is_whole
    assert (why.status_code == 200) is is_whole
    if extent == "outcome":
        assert "paper" not in read
    else:
        assert "Reasons: a member of staff" in read["paper"]
        assert "Finding 1.1.1: a member of staff" in read["paper"]  # good practice
        assert ("Finding 1.2.1:" in read["paper"] or "Finding 1.1.2:" in read["paper"]) is is_whole
        assert ("Text: a member of staff" in read["paper"]) is is_whole
    assert status_of(public, reverse("pages:paper", args=["XA", stage.issue.uid])) == 404
    if is_whole:
        assert json.loads(read["JSON"])["decision"]["conditions"][0]["text"].startswith("Condition: a member of staff")


def test_nothing_is_chosen_at_first_and_without_a_choice_nothing_happens(sign_in: SignIn) -> None:
    stage = Stage("decided")
    mce = sign_in(Client(), stage.people.mce)
    page = mce.get(address(stage)).content.decode()
    assert 'name="extent"' in page
    assert not re.search(r'name="extent"[^>]*checked', page)
    for answer in (
        mce.get(address(stage), {"choose": "1"}),
        mce.post(address(stage), {}),
        mce.post(address(stage), {"extent": "all"}),
    ):
        assert answer.status_code == 422
        assert 'id="id_extent_error"' in answer.content.decode()
    assert not new(Publication).exists()


def test_the_preview_is_the_page_that_the_public_gets(sign_in: SignIn) -> None:
    stage = Stage("decided")
    Stage("decided", stage.people, country="XB", round=stage.round)
    IssueFactory(decision=stage.decision, number=2, extent="whole", document_sha256="a" * 64)
    mce = sign_in(Client(), stage.people.mce)
    for extent in ("outcome", "whole"):
        preview = mce.get(reverse("workspace:public_page", args=[stage.evaluation.uid, extent])).context["shown"]
        if extent == "outcome":
            publish_on_page(mce, stage.evaluation, extent)
        else:
            publish_on_page(mce, stage.evaluation, extent)
        public = Client().get("/en/register/XA/").context["shown"]
        for name in ("conditions", "works_on", "good_practice", "papers", "extent", "decision"):
            assert getattr(preview, name) == getattr(public, name), name
        assert [domain.code for domain in preview.domains] == [domain.code for domain in public.domains]
        assert preview.register_status.kind == public.register_status.kind
        assert str(preview.register_status.label) == str(public.register_status.label)
    assert mce.get(reverse("workspace:public_page", args=[stage.evaluation.uid, "all"])).status_code == 404


def test_the_paper_is_prepared_by_the_worker_and_publishing_waits_for_it(sign_in: SignIn) -> None:
    stage = Stage("decided")
    mce = sign_in(Client(), stage.people.mce)
    page = mce.get(address(stage), {"extent": "summary"})
    assert "The paper for the public is not printed yet: English." in flat(page)
    assert "It can be published once" in flat(page)
    refused = publish_on_page(mce, stage.evaluation, "summary")
    assert (refused.status_code, new(Publication).count()) == (409, 0)
    assert "The version of the report for the public is not printed" in flat(refused)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reports.printing.print_report", type("Quiet", (), {"enqueue": staticmethod(lambda _uid: None)}))
        mce.post(address(stage), {"extent": "summary", "prepare": "1"})
    printing = Printing.objects.get(extent="summary")
    assert (printing.language, printing.asked_by) == ("en", stage.people.mce)
    assert "waiting for the printer" in flat(mce.get(address(stage), {"extent": "summary"}))
    Printing.objects.filter(pk=printing.pk).update(state="done")
    IssueFactory(decision=stage.decision, number=2, extent="summary", document_sha256="a" * 64)
    assert "Outcome published" in flat(publish_on_page(mce, stage.evaluation, "summary"))


def test_what_changed_since_the_preview_is_named_and_nothing_is_published(sign_in: SignIn) -> None:
    stage = Stage("decided")
    mce = sign_in(Client(), stage.people.mce)
    sent = confirmed(mce, stage.evaluation)
    IssueFactory(decision=stage.decision, number=7, document_sha256="b" * 64)
    answer = mce.post(address(stage), sent)
    assert (answer.status_code, "Issue 7, English, was printed in between." in flat(answer)) == (409, True)
    sent = confirmed(mce, stage.evaluation)
    newer = DecisionFactory(
        scorecard=stage.scorecard, replaces=stage.decision, kind="correction", decided_on=timezone.localdate()
    )
    IssueFactory(decision=newer, number=8, document_sha256="c" * 64)
    answer = mce.post(address(stage), sent)
    assert (answer.status_code, "came in between" in flat(answer), new(Publication).count()) == (409, True, 0)
    with pytest.raises(Refusal) as refused:
        perform(stage.evaluation, "publish", by=stage.people.mce, extent="outcome", read=stage.decision.uid)
    assert [reason.code for reason in refused.value.reasons] == ["decision_is_newer"]
    texts = publish_on_page(mce, stage.evaluation, texts="0" * 64)
    assert (texts.status_code, "texts that become public were changed" in flat(texts)) == (409, True)


def test_before_the_appeal_time_is_over_it_asks_again(sign_in: SignIn) -> None:
    stage = Stage("decision")
    mce, today = sign_in(Client(), stage.people.mce), timezone.localdate()
    decision = DecisionFactory(scorecard=stage.scorecard, decided_on=today, valid_until=today + timedelta(days=900))
    IssueFactory(decision=decision)
    new(Evaluation).update(state="decided")
    answer = publish_on_page(mce, stage.evaluation, before_appeal=None)
    assert (answer.status_code, new(Publication).count()) == (422, 0)
    assert "Tick this, or wait until the appeal time is over." in flat(answer)
    assert "The hotline may contest the decision until" in flat(answer)
    assert "Outcome published" in flat(publish_on_page(mce, stage.evaluation))


def test_what_is_public_is_narrowed_and_widened_with_a_reason_in_the_log(sign_in: SignIn) -> None:
    stage = Stage("published")
    other = Stage("published", stage.people, country="XB", round=stage.round)
    mce, public = sign_in(Client(), stage.people.mce), Client()
    paper = reverse("pages:paper", args=["XA", stage.paper.uid])
    assert status_of(public, paper) == 200
    refused = publish_on_page(mce, stage.evaluation, "outcome", note=" ")
    assert (refused.status_code, "Say why." in flat(refused)) == (422, True)
    letters = new(Letter).count()
    assert "Changed what is public" in flat(publish_on_page(mce, stage.evaluation, "outcome"))
    assert [status_of(public, paper), new(Letter).count()] == [404, letters]
    assert status_of(public, reverse("pages:result", args=["XA", stage.decision.uid])) == 404
    assert status_of(public, "/en/register/XA/why/overall/") == 404
    assert status_of(public, reverse("pages:paper", args=["XB", other.paper.uid])) == 200
    step = Step.objects.get(uid=stage.evaluation.uid, move="change_extent")
    assert step.words.note == "The hotline agreed."
    publish_on_page(mce, stage.evaluation, "whole")
    assert status_of(public, paper) == 200
    assert [*PublicExtent.objects.filter(publication=stage.decision.publication).values_list("extent", flat=True)] == [
        *("whole", "outcome", "whole")
    ]


def test_a_correction_has_its_own_extent(sign_in: SignIn) -> None:
    stage = Stage("published")
    newer = DecisionFactory(scorecard=stage.scorecard, replaces=stage.decision, kind="correction")
    IssueFactory(decision=newer, number=3, document_sha256="d" * 64)
    new(Evaluation).update(state="decided")
    publish_on_page(sign_in(Client(), stage.people.mce), stage.evaluation, "outcome")
    shown = Client().get("/en/register/XA/").context["shown"]
    assert (shown.decision, shown.extent, shown.papers, shown.domains) == (newer, "outcome", [], [])
    assert [one.publication.extent for one in new(Decision).order_by("pk")] == ["whole", "outcome"]


def test_a_user_who_may_not_print_prepares_nothing(sign_in: SignIn) -> None:
    stage = Stage("decided")
    for user in (stage.coordinator, stage.people.lead, stage.people.panel):
        assert sign_in(Client(), user).post(address(stage), {"extent": "whole", "prepare": "1"}).status_code == 403
    assert not Printing.objects.exclude(extent="").exists()
    assert request_report(stage.decision, "en", by=stage.people.mce, extent="whole").extent == "whole"
