"""The pages of consultations: preparing, reading and commenting, answering, the report; who may open which."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from evaluation.consultation.comments import answer_comment, save_comment
from evaluation.consultation.overview import read_text
from evaluation.models import (
    CommentAnswer,
    Consultation,
    ConsultationComment,
    Hotline,
    Role,
    Step,
    User,
)
from evaluation.workflow import perform
from portal.consultation import answers
from portal.consultation import plan as plan_pages
from portal.letters.models import Letter
from portal.reminders.calendar import keep_consultations
from standards.models import EditionPage, IndicatorPage
from tests.bystander import new
from tests.factories import ConsultationFactory, HotlineFactory, consultation_on, person
from tests.letters_first import post_as_shown

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def loaded(db: None) -> EditionPage:
    """Return the pages of the small edition, a draft: a scene."""
    return EditionPage.objects.get()


@pytest.fixture
def hotline() -> Hotline:
    return HotlineFactory(name="Xandria")


@pytest.fixture
def opened(loaded: EditionPage, hotline: Hotline) -> Consultation:
    return consultation_on(loaded, hotlines=[hotline])


@pytest.fixture
def contributor(hotline: Hotline) -> User:
    return person(Role.CONTRIBUTOR, hotline=hotline, name="Ada Lovelace")


def url(name: str, consultation: Consultation, *more: Any) -> str:
    return reverse(f"workspace:{name}", args=[consultation.uid, *more])


def words_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def say(
    consultation: Consultation, by: User, words: str = "Too long.", urgency: int | None = None
) -> ConsultationComment:
    save_comment(consultation, "1.1.1", "1.1.1", words=words, urgency=urgency, by=by)
    return ConsultationComment.objects.get(by=by)


# --- Permissions -----------------------------------------------------------------------------------------------------

ROLES = ("contributor", "coordinator", "other", "assessor", "uninvited", "panel", "mce", "editor")
MATRIX = """
draft  consultations      | 200 200 200 200 200 200 200 200
draft  new_consultation   | 403 403 403 403 403 403 200 200
draft  consultation       | 404 404 404 404 404 404 200 200
draft  edit_consultation  | 404 404 404 404 404 404 200 200
draft  consulted_text     | 404 404 404 404 404 404 200 200
draft  consulted_standard | 404 404 404 404 404 404 200 200
open   consultation       | 302 302 404 302 404 404 200 200
open   edit_consultation  | 403 403 404 403 404 404 302 302
open   extend_consultation| 403 403 404 403 404 404 200 200
open   consulted_text     | 200 200 404 200 404 404 200 200
open   consulted_standard | 200 200 404 200 404 404 200 200
open   save_comment       | 302 302 404 302 404 404 403 403
open   comment_answers    | 403 403 404 403 404 404 200 200
open   answer_comment     | 403 403 404 403 404 404 302 302
open   consultation_report| 403 403 404 403 404 404 200 200
open   consultation_file  | 403 403 404 403 404 404 200 200
open   move_consultation  | 403 403 404 403 404 404 200 200
closed consulted_text     | 200 200 404 200 404 404 200 200
closed consulted_standard | 200 200 404 200 404 404 200 200
closed save_comment       | 423 423 404 423 404 404 403 403
closed comment_answers    | 403 403 404 403 404 404 200 200
closed consultation_report| 200 200 404 200 404 404 200 200
closed consultation_file  | 200 200 404 200 404 404 200 200
"""
POSTED = ("save_comment", "answer_comment", "move_consultation")


def test_who_may_open_which_page(loaded: EditionPage, hotline: Hotline, sign_in: SignIn):
    assessor = person(Role.ASSESSOR, country="IE")
    people = dict(
        zip(
            ROLES,
            (
                person(Role.CONTRIBUTOR, hotline=hotline),
                person(Role.COORDINATOR, hotline=hotline),
                person(Role.COORDINATOR, hotline=HotlineFactory()),
                assessor,
                person(Role.ASSESSOR),
                person(Role.PANEL_MEMBER),
                person(Role.MCE_COORDINATOR),
                person(Role.GUIDE_EDITOR),
            ),
            strict=True,
        )
    )
    clients = {name: sign_in(Client(), user) for name, user in people.items()}
    consultation = ConsultationFactory(page=loaded)
    consultation.hotlines.add(hotline)
    consultation.assessors.add(assessor)
    comment = None
    found, state = [], "draft"
    for line in MATRIX.strip().splitlines():
        wanted, name = line.partition("|")[0].split()
        if wanted != state:
            perform(consultation, "open" if wanted == "open" else "close", by=None)
            state = wanted
            comment = comment or say(consultation, people["contributor"])
        more = {
            "consulted_standard": ["1.1"],
            "save_comment": ["1.1", "1.1.1"],
            "comment_answers": ["1.1"],
            "answer_comment": ["1.1", comment.pk if comment else 0],
            "move_consultation": ["close"],
            "consultation_file": ["csv"],
        }.get(name, [])
        statuses = []
        for role, client in clients.items():
            about_none = name in ("consultations", "new_consultation")
            address = reverse(f"workspace:{name}") if about_none else url(name, consultation, *more)
            if name in POSTED:
                words = {"version-1.1.1": "0", "words-1.1.1": f"Of {role}.", "was-1.1.1": "x"}
                answer = client.post(address, {**words, "resolution": "noted", "comment_version": "1", "version": "0"})
                Consultation.objects.update(state=wanted)
                CommentAnswer.objects.all().delete()
                ConsultationComment.objects.filter(pk=comment.pk).update(version=1)
            else:
                answer = client.get(address)
            statuses.append(str(answer.status_code))
        found.append(f"{wanted:6} {name:19}| {' '.join(statuses)}")
    assert found == [
        f"{a.split()[0]:6} {a.split()[1]:19}| {b.strip()}"
        for a, _, b in (line.partition("|") for line in MATRIX.strip().splitlines())
    ]


def test_who_is_not_signed_in_is_led_to_the_sign_in(client: Client, opened: Consultation):
    assert client.get(url("consulted_text", opened)).status_code == 302


def test_a_list_has_what_the_reader_may_see(opened, contributor, sign_in):
    page = reverse("workspace:consultations")
    assert opened.name in words_of(sign_in(Client(), contributor).get(page))
    theirs = words_of(sign_in(Client(), person(Role.COORDINATOR, hotline=HotlineFactory())).get(page))
    assert opened.name not in theirs
    assert "No consultation yet" in theirs


def test_a_consulted_text_says_in_its_title_and_on_paper_that_it_is_a_draft(opened, contributor, sign_in):
    client, text = sign_in(Client(), contributor), read_text(opened)
    for address in (url("consulted_text", opened), url("consulted_standard", opened, next(iter(text.standards)))):
        page = " ".join(client.get(address).content.decode().split())
        label = f"Draft of edition {opened.edition_code}"
        assert re.search(rf"<title>[^<]*\({label}\)", page)
        assert re.search(rf'<p class="draft-mark" aria-hidden="true"> ?{label} ?</p>', page)


# --- Preparing -------------------------------------------------------------------------------------------------------


def plan(loaded: EditionPage, **changes: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "name": "First reading",
        "page": loaded.pk,
        "opens_on": today.isoformat(),
        "closes_on": (today + timedelta(days=30)).isoformat(),
        "time_zone": "Europe/Brussels",
        **changes,
    }


def test_an_editor_prepares_opens_and_closes_one_and_those_invited_get_letters(loaded, hotline, contributor, sign_in):
    assessor, editor = person(Role.ASSESSOR), person(Role.GUIDE_EDITOR)
    client = sign_in(Client(), editor)
    address = reverse("workspace:new_consultation")
    assert 'value="small"' not in words_of(client.get(address))
    answer = client.post(address, plan(loaded, hotlines=[hotline.pk], assessors=[assessor.pk]))
    consultation = Consultation.objects.get()
    assert (answer.url, consultation.edition_code) == (url("consultation", consultation), "small")
    assert new(Letter).count() == 0
    shown = client.post(url("move_consultation", consultation, "open"))
    assert shown.context["button"].endswith(" and write to 2 people")
    assert new(Letter).count() == 0
    assert post_as_shown(client, url("move_consultation", consultation, "open")).status_code == 302
    assert {letter.to_user for letter in new(Letter)} == {contributor, assessor}
    letter = Letter.objects.get(to_user=contributor)
    assert "edition small" in letter.subject
    assert url("consultation", consultation) in letter.body
    assert ", 23:59 (time zone Europe/Brussels, UTC+" in letter.body
    post_as_shown(client, url("move_consultation", consultation, "close"))
    assert Letter.objects.filter(subject="First reading is closed").count() == 2


def test_all_hotlines_are_invited_with_one_tick(loaded, hotline, sign_in):
    other = HotlineFactory()
    sign_in(Client(), person(Role.MCE_COORDINATOR)).post(
        reverse("workspace:new_consultation"), plan(loaded, everyone="on")
    )
    assert {*Consultation.objects.get().hotlines.all() & new(Hotline)} == {hotline, other}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Choose at least one hotline or assessor."),
        ({"closes_on": "2026-01-01", "everyone": "on"}, "This day is over. Give today or a later day."),
        ({"opens_on": "2099-02-01", "everyone": "on"}, "The consultation ends before it opens. Give a later day."),
        ({"page": 0, "everyone": "on"}, "Draft edition: "),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_beside_its_field(loaded, hotline, sign_in, changes, words):
    client = sign_in(Client(), person(Role.MCE_COORDINATOR))
    answer = client.post(reverse("workspace:new_consultation"), plan(loaded, **changes))
    assert (answer.status_code, words in words_of(answer)) == (422, True)
    assert not Consultation.objects.exists()


def test_a_name_is_given_once(loaded, hotline, sign_in):
    ConsultationFactory(name="First reading")
    client = sign_in(Client(), person(Role.MCE_COORDINATOR))
    answer = client.post(reverse("workspace:new_consultation"), plan(loaded, everyone="on"))
    assert answer.status_code == 422


def test_a_name_given_by_two_at_once_is_refused_beside_its_field(loaded, hotline, sign_in, monkeypatch):
    ConsultationFactory(name="First reading")
    monkeypatch.setattr(Consultation, "validate_unique", lambda *_args, **_more: None)
    client = sign_in(Client(), person(Role.MCE_COORDINATOR))
    answer = client.post(reverse("workspace:new_consultation"), plan(loaded, everyone="on"))
    assert answer.status_code == 422
    assert answer.context["form"].errors["name"] == ["There is a consultation of this name. Choose another."]


def test_a_plan_is_changed_until_it_opens_and_discarded(loaded, hotline, sign_in):
    client = sign_in(Client(), person(Role.MCE_COORDINATOR))
    client.post(reverse("workspace:new_consultation"), plan(loaded, everyone="on"))
    planned = Consultation.objects.get()
    client.post(url("edit_consultation", planned), plan(loaded, name="Second reading", everyone="on"))
    assert Consultation.objects.get().name == "Second reading"
    answer = client.post(url("move_consultation", planned, "discard"), {"note": "Too soon."})
    assert (answer.url, Consultation.objects.exists()) == (reverse("workspace:consultations"), False)


def test_who_is_invited_later_gets_the_letter_and_the_others_the_new_day(opened, contributor, sign_in):
    added, until = person(Role.ASSESSOR), timezone.localdate() + timedelta(days=99)
    client = sign_in(Client(), person(Role.MCE_COORDINATOR))
    post_as_shown(client, url("extend_consultation", opened), {"until": until.isoformat(), "assessors": [added.pk]})
    opened.refresh_from_db()
    assert opened.closes_on == until
    subjects = {letter.to_user: letter.subject for letter in new(Letter)}
    assert subjects == {
        added: "What do you say to the draft of the Guide, edition small?",
        contributor: f"{opened.name}: the last day has moved",
    }


def test_an_extension_to_a_past_day_keeps_what_was_ticked(opened, sign_in):
    assessor = person(Role.ASSESSOR)
    client = sign_in(Client(), person(Role.MCE_COORDINATOR))
    answer = client.post(url("extend_consultation", opened), {"until": "2026-01-01", "assessors": [assessor.pk]})
    assert (answer.status_code, answer.context["form"]["assessors"].value()) == (422, [str(assessor.pk)])
    assert "This day is over. Give today or a later day." in words_of(answer)


def test_a_plan_whose_pages_are_gone_leads_to_no_text(sign_in):
    planned = ConsultationFactory()
    client = sign_in(Client(), person(Role.MCE_COORDINATOR))
    assert url("consulted_text", planned) not in words_of(client.get(url("consultation", planned)))


def test_the_drafts_are_read_once_for_the_form(loaded, sign_in, monkeypatch):
    read = Mock(wraps=plan_pages.list_editions)
    monkeypatch.setattr(plan_pages, "list_editions", read)
    sign_in(Client(), person(Role.GUIDE_EDITOR)).get(reverse("workspace:new_consultation"), {"edition": "small"})
    assert read.call_count == 1


def test_the_guides_tree_leads_to_a_consultation_on_its_draft(loaded, sign_in):
    client = sign_in(Client(), person(Role.GUIDE_EDITOR))
    address = f"{reverse('workspace:new_consultation')}?edition=small"
    assert address in client.get(reverse("guide_tree", args=[loaded.pk])).content.decode()
    assert "selected" in words_of(client.get(address))


def test_the_calendar_opens_and_closes_on_the_day(loaded, hotline, contributor):
    today = timezone.localdate()
    planned = ConsultationFactory(page=loaded, opens_on=today, closes_on=today + timedelta(days=1))
    planned.hotlines.add(hotline)
    later = ConsultationFactory(page=loaded, opens_on=today + timedelta(days=9))
    assert keep_consultations() == [planned]
    assert keep_consultations() == []
    assert new(Letter).get().to_user == contributor
    assert keep_consultations(today + timedelta(days=2)) == [planned]
    planned.refresh_from_db()
    later.refresh_from_db()
    assert (planned.state, later.state, new(Letter).count()) == ("closed", "draft", 2)
    assert [step.move for step in new(Step).order_by("seq")] == ["open", "close"]


def test_the_calendar_leaves_what_cannot_open(loaded):
    ConsultationFactory(page=loaded)
    assert keep_consultations() == []


# --- Reading and commenting ------------------------------------------------------------------------------------------


def by_script(client: Client, consultation: Consultation, **fields: Any) -> Any:
    return client.post(
        url("save_comment", consultation, "1.1", "1.1.1"),
        {"version": "0", **fields},
        headers={"Accept": "application/json"},
    )


def test_the_script_saves_a_comment_and_a_vote(opened, contributor, sign_in):
    client = sign_in(Client(), contributor)
    answer = by_script(client, opened, words="Too long.", level="3")
    assert (answer.status_code, json.loads(answer.content)["version"]) == (200, 1)
    comment = ConsultationComment.objects.get()
    assert (comment.words, comment.urgency, comment.by, comment.code) == ("Too long.", 3, contributor, "1.1.1")
    page = words_of(client.get(url("consulted_standard", opened, "1.1")))
    assert ">Too long.</textarea>" in page
    assert "Your comment on 1.1.2" in page


def test_what_is_wrong_or_too_late_stays_with_the_browser(opened, contributor, sign_in):
    client = sign_in(Client(), contributor)
    answer = by_script(client, opened, words="Kept.", level="9")
    assert (answer.status_code, answer.json()["problem"]) == (422, "Choose one of the three, or none.")
    perform(opened, "close", by=None)
    late = by_script(client, opened, words="Kept.")
    assert (late.status_code, "takes no comments any more" in late.json()["problem"]) == (422, True)
    assert not ConsultationComment.objects.exists()


def test_a_plain_form_saves_what_was_changed_and_keeps_what_could_not_be_saved(opened, contributor, sign_in):
    client = sign_in(Client(), contributor)
    page = url("consulted_standard", opened, "1.1")
    form = client.get(page).context["rows"][1].form
    untouched = {"version-1.1.2": "0", "words-1.1.2": "", "was-1.1.2": form.was}
    changed = {"version-1.1.1": "0", "words-1.1.1": "Too long.", "was-1.1.1": "other"}
    assert client.post(page, {**changed, **untouched}).status_code == 302
    assert [comment.code for comment in ConsultationComment.objects.all()] == ["1.1.1"]
    wrong = client.post(page, {**changed, "words-1.1.1": "Typed with care.", "level-1.1.1": "7"})
    assert (wrong.status_code, ">Typed with care.</textarea>" in words_of(wrong)) == (422, True)
    perform(opened, "close", by=None)
    late = client.post(page, {**changed, "words-1.1.1": "Typed too late."})
    assert (late.status_code, ">Typed too late.</textarea>" in words_of(late)) == (423, True)
    assert ConsultationComment.objects.get().words == "Too long."


def test_a_form_of_somebody_else_is_not_saved(opened, contributor, sign_in):
    client = sign_in(Client(), contributor)
    assert by_script(client, opened, words="Theirs.", rendered_for=str(person().uid)).status_code == 403
    assert not ConsultationComment.objects.exists()


@pytest.mark.parametrize("place", [("9.9", "1.1.1"), ("1.1", "2.1.1"), ("1.1", "nothing")])
def test_what_is_not_in_the_text_is_not_found(opened, contributor, sign_in, place):
    assert sign_in(Client(), contributor).post(url("save_comment", opened, *place)).status_code == 404


def test_two_of_one_hotline_each_have_their_own_comment(opened, contributor, hotline, sign_in):
    colleague = person(Role.COORDINATOR, hotline=hotline, name="Grace Hopper")
    say(opened, colleague, "Let it be.")
    client = sign_in(Client(), contributor)
    by_script(client, opened, words="Too long.")
    page = words_of(client.get(url("consulted_standard", opened, "1.1")))
    assert "Grace Hopper" in page
    assert "Let it be." in page
    assert {comment.words for comment in opened.comments.all()} == {"Let it be.", "Too long."}


def test_other_hotlines_read_neither_words_nor_names_before_it_closes(loaded, hotline, contributor, sign_in):
    other = HotlineFactory(name="Elsewhere")
    consultation = consultation_on(loaded, hotlines=[hotline, other])
    comment = say(consultation, contributor)
    answer_comment(
        comment, resolution="accepted", words="Cut.", comment_version=1, version=0, by=person(Role.MCE_COORDINATOR)
    )
    client = sign_in(Client(), person(Role.COORDINATOR, hotline=other))
    pages = [url("consulted_text", consultation), url("consulted_standard", consultation, "1.1")]
    for page in pages:
        shown = words_of(client.get(page))
        assert not any(words in shown for words in ("Ada Lovelace", "Too long.", "Cut.", "Xandria"))
    perform(consultation, "close", by=None)
    shown = words_of(client.get(pages[1]))
    assert all(words in shown for words in ("Ada Lovelace", "Too long.", "Cut.", "Xandria"))


def test_the_filter_leaves_what_lacks_a_word_of_mine(opened, contributor, sign_in):
    client = sign_in(Client(), contributor)
    say(opened, contributor)
    contents = client.get(url("consulted_text", opened), {"show": "open"}).context
    assert (contents["done"], contents["total"]) == (1, 4)
    assert [line.left for domain in contents["domains"] for line in domain.standards] == [1, 1, 1]
    rows = client.get(url("consulted_standard", opened, "1.1"), {"show": "open"}).context["rows"]
    assert [row.code for row in rows] == ["1.1.2"]


def test_after_it_closed_it_is_read_only_and_says_so(opened, contributor, sign_in):
    say(opened, contributor)
    perform(opened, "close", by=None)
    page = words_of(sign_in(Client(), contributor).get(url("consulted_standard", opened, "1.1")))
    assert "cannot be changed any more" in page
    assert "Too long." in page
    assert "page-form" not in page


def test_after_its_last_day_it_is_read_only_before_the_calendar_closed_it(opened, contributor, sign_in):
    Consultation.objects.update(closes_on=timezone.localdate() - timedelta(days=2))
    page = words_of(sign_in(Client(), contributor).get(url("consulted_standard", opened, "1.1")))
    assert "page-form" not in page


def test_what_has_changed_in_the_draft_since_is_marked(loaded, opened, contributor, sign_in):
    page = IndicatorPage.objects.descendant_of(loaded).get(code="1.1.1").get_latest_revision_as_object()
    page.wording = "Shorter now."
    page.save_revision(clean=False)
    shown = words_of(sign_in(Client(), contributor).get(url("consulted_standard", opened, "1.1")))
    assert shown.count("The draft has changed here since the consultation opened.") == 1
    assert "<ins>" in shown


def test_earlier_versions_of_ones_own_words_can_be_read(opened, contributor, sign_in):
    say(opened, contributor, "At first.")
    say(opened, contributor, "In the end.")
    assert "At first." in words_of(sign_in(Client(), contributor).get(url("consulted_standard", opened, "1.1")))


def test_who_takes_words_back_still_reads_the_earlier_ones_and_has_said_nothing(opened, contributor, sign_in):
    say(opened, contributor, "At first.")
    say(opened, contributor, "")
    client = sign_in(Client(), contributor)
    row = client.get(url("consulted_standard", opened, "1.1"), {"show": "open"}).context["rows"][0]
    assert (row.code, [version.words for version in row.form.earlier]) == ("1.1.1", ["At first."])
    perform(opened, "close", by=None)
    page = words_of(client.get(url("consulted_standard", opened, "1.1")))
    assert page.count("You said nothing on this indicator.") == 2


def test_only_the_versions_of_ones_own_comments_are_read(opened, contributor, hotline, sign_in):
    say(opened, contributor)
    say(opened, person(Role.COORDINATOR, hotline=hotline))
    client = sign_in(Client(), contributor)
    with CaptureQueriesContext(connection) as asked:
        client.get(url("consulted_standard", opened, "1.1"))
    read = [query["sql"] for query in asked if "evaluation_commentversion" in query["sql"]]
    assert len(read) == 1
    mine = opened.comments.get(by=contributor)
    assert read[0].count(f"({mine.pk})") == 1


# --- Answering -------------------------------------------------------------------------------------------------------


def test_an_answer_is_saved_and_its_author_reads_it(opened, contributor, sign_in):
    comment = say(opened, contributor)
    mce = sign_in(Client(), person(Role.MCE_COORDINATOR))
    action = url("answer_comment", opened, "1.1", comment.pk)
    sent = {"resolution": "accepted", "words": "We cut it.", "comment_version": "1", "version": "0"}
    answer = mce.post(action, sent)
    assert answer.url == f"{url('comment_answers', opened, '1.1')}#i1.1.1"
    shown = words_of(sign_in(Client(), contributor).get(url("consulted_standard", opened, "1.1")))
    assert "We cut it." in shown
    assert "accepted" in shown


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"resolution": ""}, 422, "Say what becomes of the comment."),
        ({"resolution": "rejected", "words": ""}, 422, "Say why it is not taken up"),
        ({"comment_version": "7"}, 409, "has changed since you opened this page"),
        ({"version": "x"}, 409, "has changed since you opened this page"),
    ],
)
def test_what_cannot_be_saved_of_an_answer_stays_in_its_form(opened, contributor, sign_in, changes, status, words):
    comment = say(opened, contributor)
    sent = {"resolution": "noted", "words": "Typed.", "comment_version": "1", "version": "0", **changes}
    client = sign_in(Client(), person(Role.MCE_COORDINATOR))
    answer = client.post(url("answer_comment", opened, "1.1", comment.pk), sent)
    shown = words_of(answer)
    assert (answer.status_code, words in shown, f">{sent['words']}</textarea>" in shown) == (status, True, True)
    assert not CommentAnswer.objects.exists()


def test_an_answer_to_words_taken_back_meanwhile_stays_in_its_form(opened, contributor, sign_in):
    comment = say(opened, contributor)
    say(opened, contributor, "")
    sent = {"resolution": "noted", "words": "Typed.", "comment_version": "1", "version": "0"}
    client = sign_in(Client(), person(Role.MCE_COORDINATOR))
    answer = client.post(url("answer_comment", opened, "1.1", comment.pk), sent)
    assert (answer.status_code, ">Typed.</textarea>" in words_of(answer)) == (409, True)


def test_what_was_typed_is_on_the_page_shown_though_its_comment_has_moved_to_another(
    opened, contributor, hotline, sign_in, monkeypatch
):
    monkeypatch.setattr(answers, "ON_A_PAGE", 1)
    first = say(opened, contributor)
    save_comment(opened, "1.1.1", "1.1.1", words="Grave.", urgency=3, by=person(Role.CONTRIBUTOR, hotline=hotline))
    sent = {"resolution": "", "words": "Typed.", "comment_version": "1", "version": "0"}
    client = sign_in(Client(), person(Role.MCE_COORDINATOR))
    answer = client.post(url("answer_comment", opened, "1.1", first.pk) + "?page=1", sent)
    assert (answer.context["page"].number, ">Typed.</textarea>" in words_of(answer)) == (2, True)
    assert f'href="{url("comment_answers", opened, "1.1")}?page=1"' in words_of(answer)


def test_a_comment_of_another_consultation_is_not_found(loaded, opened, contributor, hotline, sign_in):
    comment = say(opened, contributor)
    other = consultation_on(loaded, hotlines=[hotline])
    client = sign_in(Client(), person(Role.MCE_COORDINATOR))
    assert client.post(url("answer_comment", other, "1.1", comment.pk)).status_code == 404


def test_the_filter_leaves_what_has_no_answer_and_leads_on(opened, contributor, sign_in):
    comment = say(opened, contributor)
    save_comment(opened, "2.1.1", "2.1.1", words="And this.", urgency=None, by=contributor)
    client = sign_in(Client(), person(Role.MCE_COORDINATOR))
    page = url("comment_answers", opened, "1.1")
    first = client.get(page, {"show": "unresolved"}).context
    assert (len(first["groups"]), first["after"].code) == (1, "2.1")
    answer_comment(comment, resolution="noted", words="", comment_version=1, version=0, by=contributor)
    assert client.get(page, {"show": "unresolved"}).context["groups"] == []
    assert len(client.get(page).context["groups"]) == 1


# --- Report ----------------------------------------------------------------------------------------------------------


def test_the_report_counts_and_orders_by_urgency(opened, contributor, sign_in):
    say(opened, contributor, "Mild.", 1)
    save_comment(opened, "2.1.1", "2.1.1", words="Grave.", urgency=3, by=contributor)
    client = sign_in(Client(), person(Role.MCE_COORDINATOR))
    context = client.get(url("consultation_report", opened)).context
    assert [row["shown"].indicator.code for row in context["rows"]] == ["2.1.1", "1.1.1"]
    assert (context["took_part"], context["invited"], context["total"].unresolved) == (1, 1, 2)


def test_the_report_says_who_approved_what(loaded, opened, sign_in):
    editor = person(Role.GUIDE_EDITOR, name="Maud Editor")
    page = IndicatorPage.objects.descendant_of(loaded).first()
    page.save_revision(user=editor).publish(user=editor)
    client = sign_in(Client(), person(Role.MCE_COORDINATOR))
    approvals = client.get(url("consultation_report", opened)).context["approvals"]
    assert next((one.by, str(one.act)) for one in approvals.object_list) == ("Maud Editor", "published")


def test_who_was_invited_reads_the_report_without_the_approvals(opened, contributor, sign_in):
    perform(opened, "close", by=None)
    assert sign_in(Client(), contributor).get(url("consultation_report", opened)).context["approvals"] is None


def test_the_files_have_every_comment_and_vote_and_no_formula(opened, contributor, sign_in):
    comment = say(opened, contributor, "=1+1", 3)
    answer_comment(comment, resolution="noted", words="So be it.", comment_version=1, version=0, by=contributor)
    client = sign_in(Client(), person(Role.MCE_COORDINATOR))
    text = client.get(url("consultation_file", opened, "csv")).content.decode()
    line = next(line for line in text.splitlines() if line.startswith("1.1.1"))
    assert all(words in line for words in ("Xandria", "Ada Lovelace", "'=1+1", "must not be released so", "So be it."))
    book = CalamineWorkbook.from_filelike(BytesIO(client.get(url("consultation_file", opened, "xlsx")).content))
    assert book.sheet_names == ["1 comments", "2 votes"]
    rows = book.get_sheet_by_name("2 votes").to_python()
    assert next(row[:7] for row in rows if row[0] == "1.1.1")[2:] == [0, 0, 1, 1, 0]
    assert client.get(url("consultation_file", opened, "pdf")).status_code == 404


# --- Queries ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("consultation", []),
        ("consulted_text", []),
        ("consulted_standard", ["1.1"]),
        ("comment_answers", ["1.1"]),
        ("consultation_report", []),
        ("consultation_file", ["csv"]),
    ],
)
def test_the_queries_of_a_page_do_not_grow(opened, contributor, hotline, sign_in, name, more):
    """Tested for Missing Children Europe while it is open, and for an invited hotline after it closed."""
    clients = {"open": sign_in(Client(), person(Role.MCE_COORDINATOR)), "closed": sign_in(Client(), contributor)}

    def queries() -> dict[str, int]:
        found = {}
        for state, client in clients.items():
            Consultation.objects.update(state=state)
            with CaptureQueriesContext(connection) as asked:
                client.get(url(name, opened, *more))
            found[state] = len(asked)
        Consultation.objects.update(state="open")
        return found

    def say_and_answer(user: User) -> None:
        comment = say(opened, user)
        answer_comment(comment, resolution="noted", words="", comment_version=1, version=0, by=user)

    say_and_answer(contributor)
    queries()
    before = queries()
    for _ in range(4):
        user = person(Role.CONTRIBUTOR, hotline=HotlineFactory())
        opened.hotlines.add(user.memberships_today[0].hotline)
        say_and_answer(user)
    assert queries() == before
