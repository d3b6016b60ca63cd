"""The rows of sheets that a device stores offline: what it fetches, and how its data are received."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from evaluation.models import (
    Evaluation,
    LateRow,
    RecordingDevice,
    SheetRow,
    SheetRowVersion,
    UnresolvedText,
    User,
    Visit,
    VisitSheet,
)
from evaluation.visits.sheets import late_rows
from evaluation.visits.sheets.rows import RowInput, save_sheet_row, sign_off_sheets
from evaluation.visits.sheets.templates import Kind
from evaluation.workflow import find_reasons, perform, write_step
from portal.visits.sheet_templates.reader import find_templates
from tests.factories import finish_recording
from tests.stage import Stage

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]


@pytest.fixture
def stage() -> Stage:
    return Stage.minimal("study_visit", visit_state="under_way", has_findings=False)


@pytest.fixture
def client(stage: Stage, sign_in: SignIn) -> Client:
    return sign_in(Client(), stage.people.assessor)


def url_of(stage: Stage, name: str) -> str:
    return reverse(f"workspace:{name}", args=[stage.evaluation.uid])


def contact(stage: Stage, **details: str) -> dict[str, str]:
    """Return the fields of a test contact in which every criterion is met."""
    marks = {f"mark-{one.key}": "met" for one in find_templates()[Kind.CONTACTS].criteria}
    fields = {"channel": "telephone", "language": "fr", "day": stage.round.today.isoformat(), "starts": "14.05"}
    return fields | marks | {"words": "Two rings."} | details


def row(fields: dict[str, str], **sent: Any) -> dict[str, Any]:
    return {"uid": str(uuid4()), "sheet": "contacts", "version": 0, "fields": fields} | sent


def send(client: Client, stage: Stage, *rows: dict[str, Any], by: User | None = None, **batch: Any) -> Any:
    owner = (by or stage.people.assessor).uid
    body = {"device": f"{uuid4()}", "owner": f"{owner}", "unsent": len(rows), "items": list(rows)} | batch
    return client.post(url_of(stage, "receive_rows"), json.dumps(body), content_type="application/json")


def results(answer: Any) -> list[tuple[str, Any]]:
    """Return the result of each row, with its version if it was saved."""
    assert answer.status_code == 200
    return [(one["kind"], one.get("version")) for one in answer.json()["results"]]


def material(client: Client, stage: Stage) -> dict[str, Any]:
    found: dict[str, Any] = client.get(url_of(stage, "recording_material")).json()
    return found


# --- Fetched ---------------------------------------------------------------------------------------------------------


def test_the_material_has_the_form_of_each_kind_and_ones_own_rows_alone(stage: Stage, sign_in: SignIn, client: Client):
    mine = row(contact(stage))
    send(client, stage, mine)
    lead = sign_in(Client(), stage.people.lead)
    answer = send(lead, stage, row(contact(stage, words="Of the lead.")), by=stage.people.lead)
    assert len(answer.json()["rows"]) == 1
    found = material(sign_in(Client(), stage.people.assessor), stage)
    assert "Of the lead." not in json.dumps(found)
    assert [one["kind"] for one in found["sheets"]] == ["contacts", "listening", "files", "interviews"]
    contacts = found["sheets"][0]
    checks = contacts["checks"]
    required = [name for name, check in checks.items() if "required" in check]
    assert re.fullmatch(checks["starts"]["pattern"], "14.05")
    assert checks["words"]["longest"] == 4000
    assert contacts["required"] == required == [*("channel", "language", "day", "starts"), *marks_of(contacts["form"])]
    assert 'name="words"' in contacts["form"]
    assert list(found["rows"]) == [mine["uid"]]
    stored = found["rows"][mine["uid"]]
    assert stored["fields"] == contact(stage, starts="14:05") | {"is_removed": False}
    assert (stored["sheet"], stored["version"]) == ("contacts", 1)


def marks_of(form: str) -> list[str]:
    found = [f"mark-{one.key}" for one in find_templates()[Kind.CONTACTS].criteria]
    assert all(f'name="{name}"' in form for name in found)
    return found


def test_what_the_device_fetches_costs_the_same_for_many_rows(stage: Stage, client: Client):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            material(client, stage)
        return len(queries)

    template = find_templates()[Kind.INTERVIEWS]

    def record(number: int) -> None:
        for place in range(number):
            row = RowInput(role="Volunteer", topic=f"{place}", day=stage.round.today, words="Calm.")
            save_sheet_row(stage.visit, template, uuid4(), row, version=0, by=stage.people.assessor)

    record(1)
    few = count()
    record(20)
    assert count() == few


# --- Sent ------------------------------------------------------------------------------------------------------------


@pytest.mark.everywhere
def test_rows_that_are_sent_twice_are_kept_once(stage: Stage, client: Client):
    sent = [row(contact(stage)), row(contact(stage, starts="15:00"))]
    for _time in range(2):
        assert results(send(client, stage, *sent)) == [("saved", 1)] * 2
    assert (SheetRow.objects.count(), SheetRowVersion.objects.count()) == (2, 2)
    assert RecordingDevice.objects.filter(unsent=0).count() == 2


def test_a_save_that_was_not_answered_is_known_though_the_row_was_changed_or_closed_since(stage: Stage, client: Client):
    lost = row(contact(stage))
    send(client, stage, lost)
    assert results(send(client, stage, lost | {"version": 1, "fields": contact(stage, words="Three.")})) == [
        ("saved", 2)
    ]
    again = send(client, stage, lost)
    assert results(again) == [("saved", 1)]
    assert again.json()["rows"][lost["uid"]]["fields"]["words"] == "Three.", "the device takes over the newer one"
    finish_recording(stage.visit)
    assert results(send(client, stage, lost)) == [("saved", 1)]
    assert SheetRowVersion.objects.count() == 2


def test_a_row_of_two_devices_is_a_conflict_and_the_author_decides(stage: Stage, client: Client):
    first = row(contact(stage))
    send(client, stage, first)
    send(client, stage, first | {"version": 1, "fields": contact(stage, words="On the telephone.")})
    mine = first | {"version": 1, "fields": contact(stage, words="On the tablet.")}
    (conflict,) = send(client, stage, mine).json()["results"]
    assert (conflict["kind"], conflict["theirs"]["version"]) == ("conflict", 2)
    assert conflict["theirs"]["fields"]["words"] == SheetRow.objects.get().words == "On the telephone."
    assert results(send(client, stage, mine | {"version": 2})) == [("saved", 3)]
    assert SheetRow.objects.get().words == "On the tablet."


def test_a_row_is_removed_and_put_back_over_the_version_that_was_seen(stage: Stage, client: Client):
    first = row(contact(stage))
    never = row(contact(stage), is_removed=True)
    send(client, stage, first)
    send(client, stage, first | {"version": 1, "fields": contact(stage, words="Newer.")})
    answer = send(client, stage, first | {"version": 1, "is_removed": True}, never)
    assert [kind for kind, _version in results(answer)] == ["conflict", "saved"]
    assert not SheetRow.objects.get().is_removed
    removal = first | {"version": 2, "is_removed": True}
    for _time in range(2):
        answer = send(client, stage, removal)
        assert results(answer) == [("saved", 3)]
    assert answer.json()["rows"][first["uid"]]["fields"]["is_removed"]
    assert results(send(client, stage, first | {"version": 3})) == [("saved", 4)]
    assert (SheetRow.objects.get().is_removed, SheetRow.objects.get().words) == (False, "Two rings.")


def test_a_row_that_comes_too_late_is_kept_on_the_server_with_what_becomes_of_it(stage: Stage, client: Client):
    kept = row(contact(stage))
    send(client, stage, kept)
    finish_recording(stage.visit)
    late = [
        row(contact(stage)),
        row(contact(stage), version=1, is_removed=True),
        kept | {"version": 1, "is_removed": True},
    ]
    wrong = row(contact(stage, starts="noon"))
    answer = send(client, stage, *late, wrong, name="Tablet")
    assert [one["kind"] for one in answer.json()["results"]] == ["late", "saved", "late", "problem"]
    assert "kept on the server" in answer.json()["results"][0]["problem"]
    assert (SheetRow.objects.get().is_removed, RecordingDevice.objects.get(name="Tablet").unsent) == (False, 1)
    rows = answer.json()["rows"]
    assert {uid: (one["waits"], one["fields"]["is_removed"]) for uid, one in rows.items()} == {
        late[0]["uid"]: (True, False),
        kept["uid"]: (True, True),
    }
    sign_off_sheets(stage.visit, timezone.now())
    changed = kept | {"version": 1, "fields": contact(stage, words="Late.")}
    for _time in range(2):
        answer = send(client, stage, changed)
        assert [one["kind"] for one in answer.json()["results"]] == ["late"]
    assert answer.json()["rows"][kept["uid"]]["fields"]["words"] == "Late."
    assert LateRow.objects.count() == 2


def decide(client: Client, stage: Stage, name: str, *rows: dict[str, Any], **sent: str) -> str:
    """Decide on rows, and return the page of the visit."""
    keys = [LateRow.objects.get(visit=stage.visit, uid=one["uid"]).as_shown for one in rows]
    page = client.post(url_of(stage, name), {"row": keys, **sent}, follow=True)
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


def test_the_lead_takes_late_rows_in_or_leaves_them_out_with_a_reason_before_signing_off(
    stage: Stage, sign_in: SignIn, client: Client
):
    stored = row(contact(stage))
    send(client, stage, stored)
    finish_recording(stage.visit)
    new, changed = (
        row(contact(stage, words="New.")),
        stored | {"version": 1, "fields": contact(stage, words="Changed.")},
    )
    removed, other = row(contact(stage)), row(contact(stage, words="Of no use."))
    send(client, stage, new, changed, removed, other)
    key = LateRow.objects.get(uid=new["uid"]).as_shown
    assert client.post(url_of(stage, "take_late_rows"), {"row": key}).status_code == 403
    lead = sign_in(Client(), stage.people.lead)
    page = " ".join(lead.get(url_of(stage, "visit")).content.decode().split())
    assert ("Came too late" in page, page.count('name="row"')) == (True, 4)
    assert "late_rows_undecided" in [reason.code for reason in find_reasons(stage.visit, "sign_off", stage.people.lead)]
    assert "Tick the rows first." in decide(lead, stage, "take_late_rows")
    assert "The rows are in the sheets now." in decide(lead, stage, "take_late_rows", new, changed, removed)
    words = sorted(SheetRow.objects.values_list("words", "version", "by"))
    by = stage.people.assessor.pk
    assert words == [("Changed.", 2, by), ("New.", 1, by), ("Two rings.", 1, by)]
    assert "Look at the list again." in decide(lead, stage, "take_late_rows", new)
    page = decide(lead, stage, "leave_out_late_rows", other)
    assert "Say why" in page
    page = decide(lead, stage, "leave_out_late_rows", other, note="Not a test contact.")
    assert ("The rows are left out." in page, "Left out because: Not a test contact." in page) == (
        True,
        True,
    )
    assert "late_rows_undecided" not in [one.code for one in find_reasons(stage.visit, "sign_off", stage.people.lead)]
    found = material(sign_in(Client(), stage.people.assessor), stage)["rows"]
    assert found[other["uid"]]["late"].endswith("left it out: Not a test contact.")
    assert ("late" in found[new["uid"]], found[changed["uid"]]["version"]) == (False, 2)


def test_a_row_is_chosen_by_its_key_and_not_by_a_uid_that_another_device_may_have_too(
    stage: Stage, sign_in: SignIn, client: Client
):
    finish_recording(stage.visit)
    of_the_assessor = row(contact(stage, words="Of the assessor."))
    send(client, stage, of_the_assessor)
    lead = sign_in(Client(), stage.people.lead)
    same_uid = of_the_assessor | {"fields": contact(stage, words="Of the lead.")}
    send(lead, stage, same_uid, by=stage.people.lead)
    key = LateRow.objects.get(by=stage.people.lead).as_shown
    page = lead.get(url_of(stage, "visit")).content.decode()
    assert sorted(re.findall(r'name="row"\s+value="([\d.]+)"', page)) == sorted(
        one.as_shown for one in stage.visit.late_rows.all()
    )
    lead.post(url_of(stage, "take_late_rows"), {"row": key})
    assert SheetRow.objects.get().words == "Of the lead."
    assert LateRow.objects.get(by=stage.people.assessor).decision == LateRow.Decision.WAITING


@pytest.mark.parametrize(
    "nonsense",
    [
        "9" * 5000,
        "9.20261203054900000000",
        "-1",
        "soon",
        "\uff11",
        "0x1",
        "1e3",
        "5f0c3a52-6b5e-4a55-9d0e-0c6a3f8b7f11",
        "\x00",
        "",
    ],
)
@pytest.mark.parametrize("name", ["take_late_rows", "leave_out_late_rows"])
def test_a_chosen_row_that_is_nonsense_is_an_error_and_nothing_is_decided(
    stage: Stage, sign_in: SignIn, client: Client, name: str, nonsense: str
):
    finish_recording(stage.visit)
    send(client, stage, row(contact(stage)))
    sent = {"row": [LateRow.objects.get().as_shown, nonsense], "note": "Of no use."}
    page = sign_in(Client(), stage.people.lead).post(url_of(stage, name), sent, follow=True)
    assert (page.status_code, "Look at the list again." in page.content.decode()) == (200, True)
    assert LateRow.objects.get().decision == LateRow.Decision.WAITING
    assert not SheetRow.objects.exists()


@pytest.mark.parametrize("name", ["take_late_rows", "leave_out_late_rows"])
def test_a_row_that_its_author_changed_since_the_lead_looked_is_not_decided_unseen(
    stage: Stage, sign_in: SignIn, client: Client, name: str
):
    finish_recording(stage.visit)
    sent, other = row(contact(stage, words="First.")), row(contact(stage, words="Other."))
    send(client, stage, sent, other)
    lead = sign_in(Client(), stage.people.lead)
    seen = [one.as_shown for one in LateRow.objects.order_by("pk")]
    send(client, stage, sent | {"fields": contact(stage, words="Changed.")}, other)
    page = lead.post(url_of(stage, name), {"row": seen, "note": "Of no use."}, follow=True).content.decode()
    name_of_author = stage.people.assessor.name
    assert f"A row of {name_of_author} was sent again and has changed since you looked at it" in page
    assert "Changed." in page
    assert "decided or taken back" not in page
    assert {one.decision for one in LateRow.objects.all()} == {LateRow.Decision.WAITING}
    assert not SheetRow.objects.exists()
    now = [one.as_shown for one in LateRow.objects.order_by("pk")]
    assert (now[0] != seen[0], now[1:]) == (True, seen[1:])
    lead.post(url_of(stage, name), {"row": now, "note": "Of no use."})
    assert {one.decision for one in LateRow.objects.all()} == {
        LateRow.Decision.TAKEN if name == "take_late_rows" else LateRow.Decision.LEFT_OUT
    }


def test_a_reason_is_kept_when_the_decision_is_refused(stage: Stage, sign_in: SignIn):
    finish_recording(stage.visit)
    send(sign_in(Client(), stage.people.assessor), stage, row(contact(stage)))
    lead = sign_in(Client(), stage.people.lead)
    assert "Not a test.</textarea>" in decide(lead, stage, "leave_out_late_rows", note="Not a test.")


def test_who_records_again_takes_all_late_texts_and_rows_back_in_one_step(
    stage: Stage, sign_in: SignIn, client: Client
):
    finish_recording(stage.visit)
    late = [row(contact(stage, words=words)) for words in ("One.", "Two.")]
    send(client, stage, *late)
    send_texts(client, stage, *(text(code, "Seen.") for code in ("3.2.1", "9.1.1")))
    assert "while the visit is under way" in decide(client, stage, "take_back_late")
    perform(stage.visit, "record_again", by=stage.people.lead, note="The tablet had not sent.")
    page = " ".join(client.get(url_of(stage, "visit")).content.decode().split())
    assert "4 texts or rows of yours came too late" in page
    assert "All that came too late is recorded now." in decide(client, stage, "take_back_late")
    own = stage.visit.observations.filter(by=stage.people.assessor, words="Seen.")
    assert sorted(seen.code for seen in own) == ["3.2.1", "9.1.1"]
    assert sorted(SheetRow.objects.values_list("words", flat=True)) == ["One.", "Two."]
    assert not LateRow.objects.exists()
    assert not UnresolvedText.objects.filter(author=stage.people.assessor).exists()
    page = client.get(url_of(stage, "visit")).content.decode()
    assert "Came too late" not in page


def text(code: str, words: str, version: int = 0) -> dict[str, Any]:
    uids = {"save_uid": str(uuid4()), "draft_uid": str(uuid4())}
    return {"code": code, "version": version, "level": "0", "words": words, **uids}


def send_texts(client: Client, stage: Stage, *texts: dict[str, Any]) -> None:
    body = {"device": f"{uuid4()}", "owner": f"{stage.people.assessor.uid}", "unsent": len(texts), "items": texts}
    answer = client.post(url_of(stage, "receive_observations"), json.dumps(body), content_type="application/json")
    assert answer.status_code == 200


def test_a_late_text_or_row_is_left_where_its_author_recorded_a_newer_one_and_the_page_says_so(
    stage: Stage, client: Client
):
    stored = row(contact(stage))
    send(client, stage, stored)
    send_texts(client, stage, text("3.2.1", "First."))
    finish_recording(stage.visit)
    send(client, stage, stored | {"version": 1, "fields": contact(stage, words="Late.")})
    # Of two devices that came too late, the newer text is taken; on the first version, one is not replaced since.
    send_texts(client, stage, text("3.2.1", "Late.", 1), text("9.1.1", "Older."))
    send_texts(client, stage, text("9.1.1", "Newer."))
    perform(stage.visit, "record_again", by=stage.people.lead, note="The tablet had not sent.")
    send_texts(client, stage, text("3.2.1", "Second.", 1))
    SheetRow.objects.filter(sheet__visit=stage.visit).update(words="Second.", version=2)
    page = decide(client, stage, "take_back_late")
    assert "3 of them were changed elsewhere meanwhile: what is recorded there stays." in page
    assert "3 texts or rows of yours came too late and are kept for you." in page
    own = stage.visit.observations.filter(by=stage.people.assessor).exclude(words="")
    assert dict(own.values_list("code", "words")) == {"3.2.1": "Second.", "9.1.1": "Newer."}
    assert [one.words for one in SheetRow.objects.all()] == ["Second."]
    kept = UnresolvedText.objects.filter(author=stage.people.assessor, reason=UnresolvedText.Reason.CLOSED)
    assert sorted(one.words for one in kept) == ["Late.", "Older."]
    assert LateRow.objects.get().words == "Late."


def test_a_late_text_on_the_version_that_still_stands_is_taken_back(stage: Stage, client: Client):
    send_texts(client, stage, text("3.2.1", "First."), text("9.1.1", "Same."))
    finish_recording(stage.visit)
    send_texts(client, stage, text("3.2.1", "Late.", 1), text("9.1.1", "Same, later.", 5))
    assert UnresolvedText.objects.count() == 2
    perform(stage.visit, "record_again", by=stage.people.lead, note="The tablet had not sent.")
    send_texts(client, stage, text("9.1.1", "Same, later.", 1))
    assert "All that came too late is recorded now." in decide(client, stage, "take_back_late")
    own = stage.visit.observations.filter(by=stage.people.assessor).exclude(words="")
    assert dict(own.values_list("code", "words")) == {"3.2.1": "Late.", "9.1.1": "Same, later."}


def test_a_late_text_on_a_version_that_the_server_does_not_have_is_left(stage: Stage, client: Client):
    finish_recording(stage.visit)
    send_texts(client, stage, text("9.1.1", "Late.", 2))
    perform(stage.visit, "record_again", by=stage.people.lead, note="The tablet had not sent.")
    assert "1 of them was changed elsewhere meanwhile" in decide(client, stage, "take_back_late")
    assert UnresolvedText.objects.get().words == "Late."


def test_nothing_but_what_came_too_late_for_this_visit_from_its_author_is_taken_back(
    stage: Stage, sign_in: SignIn, client: Client
):
    """Texts of a colleague, of another evaluation, of another kind, and those that wait for a decision stay."""
    finish_recording(stage.visit)
    send_texts(client, stage, text("3.2.1", "Late."))
    late = UnresolvedText.objects.values().get()
    elsewhere = Evaluation.objects.exclude(pk=stage.evaluation.pk)[0]  # the bystander's
    others = [
        {"author_id": stage.people.lead.pk},
        {"evaluation_id": elsewhere.pk},
        {"kind": UnresolvedText.Kind.FINDING},
        {"reason": UnresolvedText.Reason.CONFLICT, "other_id": stage.people.assessor.pk},
        {"reason": UnresolvedText.Reason.REPLACED, "other_id": stage.people.lead.pk},
    ]
    for number, other in enumerate(others):
        form = {"id": None, "uid": uuid4(), "draft_uid": uuid4(), "code": "9.1.1", "words": f"Other {number}."}
        UnresolvedText.objects.create(**late | form | other)
    perform(stage.visit, "record_again", by=stage.people.lead, note="The tablet had not sent.")
    lead = sign_in(Client(), stage.people.lead)
    send(lead, stage, row(contact(stage)), by=stage.people.lead)
    assert "All that came too late is recorded now." in decide(client, stage, "take_back_late")
    own = stage.visit.observations.filter(by=stage.people.assessor).exclude(words="")
    assert dict(own.values_list("code", "words")) == {"3.2.1": "Late."}
    assert sorted(UnresolvedText.objects.values_list("words", flat=True)) == [f"Other {number}." for number in range(5)]


def test_a_late_text_that_its_indicator_does_not_take_any_more_is_left(stage: Stage, client: Client):
    finish_recording(stage.visit)
    send_texts(client, stage, text("3.2.1", "Late."), text("9.1.1", "Seen."))
    UnresolvedText.objects.filter(code="3.2.1").update(level=9)
    perform(stage.visit, "record_again", by=stage.people.lead, note="The tablet had not sent.")
    assert "1 of them was changed elsewhere meanwhile" in decide(client, stage, "take_back_late")
    own = stage.visit.observations.filter(by=stage.people.assessor).exclude(words="")
    assert dict(own.values_list("code", "words")) == {"9.1.1": "Seen."}
    assert UnresolvedText.objects.get().words == "Late."


def test_the_late_rows_of_a_colleague_and_decided_ones_are_not_taken_back(
    stage: Stage, sign_in: SignIn, client: Client
):
    finish_recording(stage.visit)
    own, left_out = row(contact(stage, words="Own.")), row(contact(stage, words="Left out."))
    send(client, stage, own, left_out)
    lead = sign_in(Client(), stage.people.lead)
    send(lead, stage, row(contact(stage, words="Of the lead.")), by=stage.people.lead)
    decide(lead, stage, "leave_out_late_rows", left_out, note="Not a test contact.")
    perform(stage.visit, "record_again", by=stage.people.lead, note="The tablet had not sent.")
    assert "All that came too late is recorded now." in decide(client, stage, "take_back_late")
    assert [(one.words, one.by) for one in SheetRow.objects.all()] == [("Own.", stage.people.assessor)]
    assert sorted(LateRow.objects.values_list("words", flat=True)) == ["Left out.", "Of the lead."]
    # While the team records, nobody reads what a colleague sent.
    for shown in (client.get(url_of(stage, "visit")).content.decode(), json.dumps(material(client, stage))):
        assert ("Left out." in shown, "Of the lead." in shown) == (True, False)


def test_late_rows_of_a_visit_that_is_planned_again_are_no_longer_asked_for(
    stage: Stage, sign_in: SignIn, client: Client
):
    finish_recording(stage.visit)
    send(client, stage, row(contact(stage, words="Of the visit before.")))
    write_step(stage.evaluation, Evaluation.REOPENING_MOVES[0], "closed", by=stage.people.mce)
    visit = Visit.objects.get(pk=stage.visit.pk)
    assert "late_rows_undecided" not in [one.code for one in find_reasons(visit, "sign_off", stage.people.lead)]
    lead = sign_in(Client(), stage.people.lead)
    assert "Of the visit before." not in lead.get(url_of(stage, "visit")).content.decode()
    perform(visit, "record_again", by=stage.people.lead, note="The tablet had not sent.")
    assert "Of the visit before." not in client.get(url_of(stage, "visit")).content.decode()
    send(client, stage, row(contact(stage, words="Of this visit.")))
    assert SheetRow.objects.get().words == "Of this visit."


def test_a_late_row_is_taken_into_the_open_sheet_of_its_kind(stage: Stage, sign_in: SignIn, client: Client):
    send(client, stage, row(contact(stage)))
    sign_off_sheets(stage.visit, timezone.now())
    signed = VisitSheet.objects.get()
    marks = {f"mark-{one.key}": "3" for one in find_templates()[Kind.FILES].criteria}
    send(client, stage, row(marks | {"looked_at": "4"}, sheet="files"))
    finish_recording(stage.visit)
    late, second = row(contact(stage, words="Late.")), row(contact(stage, words="Later."))
    send(client, stage, late, second)
    lead = sign_in(Client(), stage.people.lead)
    decide(lead, stage, "take_late_rows", late)
    decide(lead, stage, "take_late_rows", second)
    sheets = {one.sheet for one in SheetRow.objects.filter(words__in=("Late.", "Later."))}
    assert [sheet.kind for sheet in sheets] == [Kind.CONTACTS]
    assert signed not in sheets


def test_late_rows_are_limited_for_each_author_and_kind(
    stage: Stage, sign_in: SignIn, client: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(late_rows, "MOST_ROWS", 1)
    marks = {f"mark-{one.key}": "3" for one in find_templates()[Kind.FILES].criteria}
    finish_recording(stage.visit)
    first = row(contact(stage))
    answer = send(client, stage, first, row(contact(stage)), row(marks | {"looked_at": "4"}, sheet="files"), first)
    assert [one["kind"] for one in answer.json()["results"]] == ["late", "problem", "late", "late"]
    lead = sign_in(Client(), stage.people.lead)
    answer = send(lead, stage, row(contact(stage)), by=stage.people.lead)
    assert [one["kind"] for one in answer.json()["results"]] == ["late"]


def test_a_late_removal_shows_nothing_of_a_colleague_whose_row_has_the_same_uid(
    stage: Stage, sign_in: SignIn, client: Client
):
    of_the_lead = row(contact(stage, words="Of the lead."))
    send(sign_in(Client(), stage.people.lead), stage, of_the_lead, by=stage.people.lead)
    finish_recording(stage.visit)
    answer = send(client, stage, of_the_lead | {"is_removed": True})
    assert "Of the lead." not in answer.content.decode()
    assert not LateRow.objects.exists()


def test_a_late_removal_of_what_is_not_there_leaves_the_list(stage: Stage, client: Client):
    finish_recording(stage.visit)
    late = row(contact(stage))
    send(client, stage, late)
    send(client, stage, late | {"is_removed": True})
    perform(stage.visit, "record_again", by=stage.people.lead, note="The tablet had not sent.")
    page = decide(client, stage, "take_back_late")
    assert "All that came too late is recorded now." in page
    assert ("Came too late" in page, LateRow.objects.exists()) == (False, False)


def test_a_device_that_sends_a_late_row_again_while_recording_clears_the_list(stage: Stage, client: Client):
    finish_recording(stage.visit)
    late = row(contact(stage))
    send(client, stage, late)
    perform(stage.visit, "record_again", by=stage.people.lead, note="The tablet had not sent.")
    assert results(send(client, stage, late)) == [("saved", 1)]
    assert not LateRow.objects.exists()


def test_rows_of_who_left_the_team_are_neither_taken_nor_waited_for(stage: Stage, sign_in: SignIn, client: Client):
    finish_recording(stage.visit)
    late = row(contact(stage))
    send(client, stage, late)
    stage.visit.team.filter(user=stage.people.assessor).delete()
    visit = Visit.objects.get(pk=stage.visit.pk)
    assert "late_rows_undecided" not in [reason.code for reason in find_reasons(visit, "sign_off", stage.people.lead)]
    lead = sign_in(Client(), stage.people.lead)
    assert "Came too late" not in lead.get(url_of(stage, "visit")).content.decode()
    decide(lead, stage, "take_late_rows", late)
    assert not SheetRow.objects.exists()


@pytest.mark.parametrize(
    ("fields", "name", "sentence"),
    [
        ({"words": "Ask anna@mail.test"}, "words", "This looks like an e-mail address, a telephone number or a date."),
        ({"starts": "noon"}, "starts", "Write hours and minutes, such as 13:30."),
        ({"day": "2999-01-01"}, "day", "This day has not come yet. Give the day on which it was."),
        ({"starts": "English"}, "starts", "Write hours and minutes, such as 13:30."),
        ({"starts": "24:00"}, "starts", "Write hours and minutes, such as 13:30."),
        ({"words": "Two\x00rings."}, "words", "Null characters are not allowed."),
        ({"mark-danger": "perhaps"}, "mark-danger", "This is not among the choices. Choose one that is shown."),
    ],
)
def test_a_row_that_is_refused_has_a_sentence_at_its_field_and_keeps_no_other(
    stage: Stage, client: Client, fields: dict[str, str], name: str, sentence: str
):
    answer = send(client, stage, row(contact(stage, **fields)), row(contact(stage)))
    refused, saved = answer.json()["results"]
    assert (refused["kind"], saved["kind"]) == ("problem", "saved")
    assert refused["problem"].startswith(sentence)
    assert list(refused["fields"]) == [name]
    assert (SheetRow.objects.count(), RecordingDevice.objects.get().unsent) == (1, 1)


@pytest.mark.parametrize(
    ("begun", "last", "refused"),
    [("2026-03-03", "2026-03-03", ("2026-03-01", "2026-03-04")), ("2026-02-24", "2026-03-03", ("2026-02-23",))],
)
def test_a_day_lies_within_the_visit_from_the_day_on_which_it_began(
    stage: Stage, client: Client, monkeypatch: pytest.MonkeyPatch, begun: str, last: str, refused: tuple[str, ...]
):
    Visit.objects.filter(pk=stage.visit.pk).update(starts_on="2026-03-02", ends_on="2026-03-03")
    with monkeypatch.context() as clock:
        clock.setattr(timezone, "now", lambda: datetime.fromisoformat(f"{begun}T09:00Z"))
        write_step(stage.visit, "begin", "agenda_sent", by=stage.people.assessor)
    contacts = material(client, stage)["sheets"][0]
    first = min(begun, "2026-03-02")
    assert (contacts["checks"]["day"]["first"], contacts["checks"]["day"]["last"]) == (first, last)
    assert f'min="{first}"' in contacts["form"]
    days = [*refused, first, last]
    answer = send(client, stage, *(row(contact(stage, day=day)) for day in days))
    sentence = "This is no day of the visit. Give one of its days."
    assert [one.get("problem") for one in answer.json()["results"]] == [sentence] * len(refused) + [None, None]


def test_files_are_counted_in_numbers(stage: Stage, client: Client):
    marks = {f"mark-{one.key}": "3" for one in find_templates()[Kind.FILES].criteria}
    answer = send(
        client,
        stage,
        row(marks | {"looked_at": "many"}, sheet="files"),
        row(marks | {"looked_at": "2"}, sheet="files"),
        row(marks | {"looked_at": "4", "topic": "Closed in autumn"}, sheet="files"),
    )
    unreadable, more, saved = answer.json()["results"]
    assert unreadable["fields"] == {"looked_at": "Write a whole number, such as 12."}
    assert "This is more than the files looked at." in more["problem"]
    assert saved["kind"] == "saved"
    assert SheetRow.objects.get().looked_at == 4
    assert answer.json()["rows"][saved["uid"]]["fields"]["looked_at"] == "4"


@pytest.mark.parametrize(
    "wrong",
    [
        {"uid": "soon"},
        {"sheet": "none"},
        {"version": -1},
        {"fields": {"words": 1}},
        {"fields": {f"mark-{number}": "met" for number in range(61)}},
    ],
)
def test_what_the_view_does_not_send_is_refused_and_keeps_no_other(stage: Stage, client: Client, wrong: dict[str, Any]):
    answer = send(client, stage, row(contact(stage)) | wrong, row(contact(stage)))
    assert [one["kind"] for one in answer.json()["results"]] == ["problem", "saved"]
    assert answer.json()["results"][0]["problem"] == "This is not what the recording view sends."


def test_a_device_of_somebody_else_sends_nothing_in_anothers_name(stage: Stage, client: Client):
    assert send(client, stage, row(contact(stage)), by=stage.people.lead).status_code == 409
    assert client.post(url_of(stage, "receive_rows"), "{", content_type="application/json").status_code == 400
    assert not VisitSheet.objects.exists()


def test_a_row_of_a_colleague_is_neither_told_nor_changed(stage: Stage, sign_in: SignIn, client: Client):
    theirs = row(contact(stage, words="Of the assessor."))
    send(client, stage, theirs)
    lead = sign_in(Client(), stage.people.lead)
    answer = send(lead, stage, theirs | {"fields": contact(stage, words="Mine.")}, by=stage.people.lead)
    assert "Of the assessor." not in answer.content.decode()
    assert results(answer) == [("saved", 1)]
    words = set(SheetRow.objects.values_list("by", "words"))
    assert words == {(stage.people.assessor.pk, "Of the assessor."), (stage.people.lead.pk, "Mine.")}
    assert results(send(lead, stage, theirs | {"version": 1, "is_removed": True}, by=stage.people.lead)) == [
        ("saved", 2)
    ]
    assert not SheetRow.objects.get(by=stage.people.assessor).is_removed
