"""Letters: written with the step, sent once, retried, deleted with their keys; and the recipients of each step."""

import smtplib

import pytest
from django.core import mail
from django.db import transaction
from django.utils import translation

from evaluation.models import Role
from portal.letters import outbox
from portal.letters.models import Letter
from tests import factories
from tests.bystander import new
from tests.factories import HotlineFactory, UserFactory, person
from tests.move_letters import write_letters

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_mce(client, sign_in):
    return sign_in(client, person(Role.MCE_COORDINATOR))


@pytest.fixture
def evaluation():
    return factories.EvaluationFactory(hotline=HotlineFactory(name="Freedonia"))


def _letter(to=None, **words) -> Letter:
    values = {"name": "Mia Novak", "role": "assessor", "hotline": "", "page": "http://testserver/work/"} | words
    return outbox.write_letter("role", values, to=to or UserFactory())


# --- Writing and sending ---------------------------------------------------------------------------------------------


def test_a_letter_goes_out_when_the_transaction_is_kept(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        letter = _letter(UserFactory(email="ana@example.org"))
        assert mail.outbox == []
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["ana@example.org"], letter.subject)
    assert "Mia Novak gave you the role assessor." in sent.body


def test_a_letter_of_an_act_that_failed_is_not_written(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        _letter()
        transaction.set_rollback(True)
    assert (new(Letter).count(), mail.outbox) == (0, [])


def test_a_sent_letter_keeps_no_text(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        letter = _letter()
    letter.refresh_from_db()
    assert (letter.body, letter.attempts) == ("", 1)
    assert letter.sent_at is not None


def test_a_letter_is_sent_once(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        letter = _letter()
    outbox.send_letter.call(str(letter.uid))
    assert len(mail.outbox) == 1


def test_words_that_look_like_markup_stay_as_they_are():
    letter = _letter(name="D'Arcy <& Sons>")
    assert "D'Arcy <& Sons> gave you" in letter.body


def test_a_subject_is_one_line_whatever_a_name_holds():
    letter = _letter(role="assessor\r\nBcc: all@example.org")
    assert letter.subject == "You have a new role: assessor Bcc: all@example.org"


def test_a_letter_is_in_its_readers_language_and_not_in_the_writers():
    with translation.override("pl"):
        letter = _letter(UserFactory(language="en"))
    assert letter.language == "en"
    assert letter.body.startswith("Dear Person")


def test_a_server_that_is_away_is_tried_again_and_its_answer_is_not_kept(monkeypatch, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "letters"]}}
    letter = _letter()
    refusal = smtplib.SMTPRecipientsRefused({letter.to_address: (450, b"later")})

    def refuses(*_args: object, **_names: object) -> None:
        raise refusal

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuses)
    from django_tasks_db.models import DBTaskResult, get_date_max

    for _ in range(outbox.MOST_ATTEMPTS):
        outbox.send_letter.call(str(letter.uid))
    letter.refresh_from_db()
    assert (letter.attempts, letter.failure, letter.sent_at) == (6, "SMTPRecipientsRefused", None)
    assert letter.body != ""
    waits = DBTaskResult.objects.exclude(run_after=get_date_max()).order_by("run_after")
    assert waits.count() == outbox.MOST_ATTEMPTS - 1
    gaps = [task.run_after - task.enqueued_at for task in waits]
    assert gaps == sorted(gaps)


def test_the_demonstration_sends_nothing_and_keeps_every_text(settings, django_capture_on_commit_callbacks):
    settings.DEMONSTRATION = True
    with django_capture_on_commit_callbacks(execute=True):
        letter = _letter()
    outbox.send_letter.call(str(letter.uid))
    letter.refresh_from_db()
    assert (mail.outbox, letter.sent_at) == ([], None)
    assert "gave you the role" in letter.body


# --- The outbox ------------------------------------------------------------------------------------------------------


def test_the_outbox_lists_the_newest_first_and_finds_by_subject_name_and_address(as_mce):
    first = _letter(UserFactory(name="Ana Horvat", email="ana@example.org"))
    second = _letter(UserFactory(name="Ben Okafor"), role="panel member")
    listed = {words: list(as_mce.get("/work/outbox/", {"q": words}).context["page"])[:2] for words in
              ("", "horvat", "ana@", "panel", "nothing")}  # fmt: skip
    assert listed == {"": [second, first], "horvat": [first], "ana@": [first], "panel": [second], "nothing": []}


def test_in_the_demonstration_a_letter_can_be_read(as_mce, settings):
    settings.DEMONSTRATION = True
    page = as_mce.get(f"/work/outbox/{_letter().uid}/").content.decode()
    assert "Mia Novak gave you the role assessor." in page


def test_outside_the_demonstration_a_text_is_for_its_reader_alone(as_mce):
    """The text may contain the key of somebody's account."""
    page = as_mce.get(f"/work/outbox/{_letter().uid}/").content.decode()
    assert "gave you the role" not in page
    assert "for its reader alone" in page


def test_a_letter_that_failed_is_sent_again_by_hand(as_mce, django_capture_on_commit_callbacks):
    letter = _letter()
    new(Letter).update(attempts=6, failure="OSError")
    assert "Send it again" in as_mce.get(f"/work/outbox/{letter.uid}/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        as_mce.post(f"/work/outbox/{letter.uid}/again/")
    letter.refresh_from_db()
    assert letter.sent_at is not None
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MCE_COORDINATOR])
def test_other_roles_read_no_letters(client, sign_in, role):
    sign_in(client, person(role, hotline=HotlineFactory()))
    letter = _letter()
    assert client.get(f"/work/outbox/{letter.uid}/").status_code == 403
    assert client.post(f"/work/outbox/{letter.uid}/again/").status_code == 403


# --- Recipients ------------------------------------------------------------------------------------------------------


@pytest.fixture
def everybody(evaluation):
    """Return the people of the hotline and one of MCE. `tests/portal/letters/test_recipients.py` has every letter."""
    return {
        "contributor": person(Role.CONTRIBUTOR, hotline=evaluation.hotline),
        "coordinator": person(Role.COORDINATOR, hotline=evaluation.hotline),
        "mce": person(Role.MCE_COORDINATOR),
    }


def test_who_walked_a_step_gets_no_letter_about_it(evaluation, everybody):
    assert write_letters(evaluation, "submit", by=everybody["mce"]) == []


def test_answers_to_a_letter_go_to_the_address_that_it_names(settings, django_capture_on_commit_callbacks):
    for contact, reply_to in (("mce@example.org", ["mce@example.org"]), ("", [])):
        settings.CONTACT_EMAIL = contact
        with django_capture_on_commit_callbacks(execute=True):
            _letter()
        sent = mail.outbox.pop()
        assert (sent.reply_to, contact in sent.body) == (reply_to, True)
        assert ("Nobody reads answers" in sent.body) == (not contact)


def test_the_words_of_a_step_back_are_in_the_letter(evaluation, everybody):
    [one, _other] = write_letters(evaluation, "send_back", by=everybody["mce"], note=" Add the protocol. ")
    assert "Their words:\nAdd the protocol.\n" in one.body


def test_nobody_whose_role_has_ended_is_told(evaluation, everybody):
    everybody["contributor"].memberships.update(until="2021-01-01")
    letters = write_letters(evaluation, "send_back")
    assert [letter.to_user for letter in letters] == [everybody["coordinator"]]
