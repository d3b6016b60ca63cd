"""Templates of agendas: written in the CMS, published by MCE, translated, chosen for a visit, and never public."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation, Translation
from wagtail_localize.operations import translate_object

from evaluation.models import Agenda, Role
from evaluation.visits.agendas import save_agenda, sessions_of, write_agenda
from portal.public.models import HomePage
from portal.visits.agenda_templates.models import AgendaTemplatePage, write_shipped_sessions
from portal.visits.agenda_templates.previews import preview
from portal.visits.agenda_templates.reader import SHIPPED, list_templates
from portal.visits.agenda_templates.shipped import shipped_template
from tests.factories import person
from tests.small_edition import SMALL
from tests.stage import Stage

pytestmark = pytest.mark.django_db

NIGHT = {
    "type": "session",
    "value": {"title": "Night shift", "minutes": 90, "day": 2, "people": "shift lead", "examines": ["1.1"]},
}


def publish(title: str = "Remote", *, sessions: Any = None, **fields: Any) -> AgendaTemplatePage:
    page = AgendaTemplatePage(title=title, sessions=sessions or [NIGHT], **fields)
    HomePage.objects.get().add_child(instance=page)
    page.save_revision().publish()
    return AgendaTemplatePage.objects.get(pk=page.pk)


def codes(language: str = "en") -> list[str]:
    return [one.code for one in list_templates(language)]


def test_a_new_page_begins_as_the_shipped_template():
    page = AgendaTemplatePage(title="New", locale=Locale.objects.get(language_code="en"))
    assert page.as_template().sessions == shipped_template("en").sessions
    assert [one["type"] for one in write_shipped_sessions()] == ["session", "each_domain", "session"]


def test_what_a_page_says_becomes_the_template():
    template = publish().as_template()
    (session,) = template.sessions
    assert (template.name, template.language, template.days) == ("Remote", "en", 2)
    assert (session.title, session.minutes, session.day, session.keys) == ("Night shift", 90, 2, ("1.1",))
    assert template.published_at is not None


def test_the_shipped_template_stands_first_until_mce_has_a_default():
    remote = publish()
    assert codes() == [SHIPPED, str(remote.translation_key)]
    first = publish("First", is_default=True)
    assert codes() == [str(first.translation_key), str(remote.translation_key)]
    second = publish("Another", is_default=True)
    assert codes()[0] == str(second.translation_key)
    AgendaTemplatePage.objects.filter(pk=first.pk).update(last_published_at=second.last_published_at + timedelta(1))
    assert codes()[0] == str(first.translation_key)
    for page in AgendaTemplatePage.objects.all():
        page.unpublish()
    assert codes() == [SHIPPED]


def test_a_session_on_a_day_that_the_agenda_does_not_have_is_refused():
    page = AgendaTemplatePage(title="Short", days=1, sessions=[NIGHT])
    with pytest.raises(ValidationError, match="A session is on day 2, and the agenda has 1"):
        page.clean()


@pytest.mark.django_db(transaction=True)
def test_a_translation_is_offered_when_all_of_it_is_translated():
    page = publish(is_default=True)
    locale = Locale.objects.get(language_code="fr")
    translate_object(page, [locale])
    found = Translation.objects.get(source__object_id=page.translation_key, target_locale=locale)
    texts = {"Remote": "À distance", "Night shift": "Permanence de nuit", "shift lead": "responsable de permanence"}
    mce = person(Role.MCE_COORDINATOR)
    found.save_target(user=mce, publish=True)
    assert list_templates("fr")[0].template.name == "Remote"
    for segment in StringSegment.objects.filter(source=found.source).select_related("string", "context"):
        StringTranslation.objects.create(
            translation_of=segment.string, context=segment.context, locale=locale, data=texts[segment.string.data]
        )
    found.save_target(user=mce, publish=True)
    (one,) = list_templates("fr")
    (session,) = one.template.sessions
    assert (one.code, one.template.name, one.template.language) == (str(page.translation_key), "À distance", "fr")
    assert (session.title, session.minutes, session.day, session.keys) == ("Permanence de nuit", 90, 2, ("1.1",))


def test_a_template_has_no_public_page(client: Client):
    page = publish()
    assert page.get_url() is None
    assert client.get(f"/en/{page.slug}/").status_code == 404


def test_a_guide_editor_writes_a_draft_and_mce_publishes(sign_in: Callable[..., Client]):
    page = publish()
    assert not page.permissions_for_user(person(Role.GUIDE_EDITOR)).can_publish()
    editor = person(Role.GUIDE_EDITOR)
    page.title = "Changed"
    page.save_revision(user=editor).publish(user=editor)
    assert AgendaTemplatePage.objects.get().title == "Remote"
    page.save_revision(user=editor).publish(user=person(Role.MCE_COORDINATOR))
    assert AgendaTemplatePage.objects.get().title == "Changed"


def test_editors_find_the_templates_beside_the_texts(sign_in: Callable[..., Client]):
    editor = sign_in(Client(), person(Role.GUIDE_EDITOR))
    page = publish(sessions=[NIGHT] * 3)
    page.title = "Draft of it"
    page.save_revision()
    listed = " ".join(editor.get(reverse("texts")).content.decode().split())
    for text in ("The shipped one, domain by domain", "with changes that are not published", "Write a new agenda"):
        assert text in listed
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in listed
    add = reverse("wagtailadmin_pages:add", args=["portal", "agendatemplatepage", HomePage.objects.get().pk])
    assert add in listed
    form = editor.get(add)
    assert form.status_code == 200
    assert "those who do the work of this domain" in form.content.decode()
    with CaptureQueriesContext(connection) as queries:
        assert editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200
    assert sum('FROM "standards_edition"' in query["sql"] for query in queries) == 1, "one for all sessions"


def send(page: AgendaTemplatePage, codes_typed: str) -> dict[str, str]:
    """Return the editor's form data with one session."""
    value = {"title": "Day shift", "minutes": "45", "day": "", "examines": codes_typed, "people": "", "guidance": ""}
    return {
        "title": page.title,
        "days": "2",
        "sessions-count": "1",
        **dict.fromkeys(("sessions-0-deleted", "sessions-0-id"), ""),
        "sessions-0-order": "0",
        "sessions-0-type": "session",
        **{f"sessions-0-value-{name}": text for name, text in value.items()},
        **{f"comments-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS")},
        "comments-MAX_NUM_FORMS": "",
    }


def test_an_editor_writes_codes_and_an_unknown_one_is_refused_at_its_field(sign_in: Callable[..., Client]):
    stage = Stage("study_visit")
    editor = sign_in(Client(), person(Role.MCE_COORDINATOR))
    page = publish()
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    refused = editor.post(address, send(page, "9.9")).content.decode()
    assert "The edition has no domain, standard or indicator with this code: 9.9." in refused
    domain = stage.framework.domains[0]
    assert editor.post(address, send(page, f"{domain.code}, 3.2")).status_code == 302
    saved = AgendaTemplatePage.objects.get()
    (session,) = saved.get_latest_revision_as_object().as_template().sessions
    assert session.keys == (domain.permanent_key, SMALL.standards["3.2"].permanent_key)


def test_the_preview_computes_days_and_times():
    Stage("study_visit")
    page = publish(sessions=write_shipped_sessions())
    shown = preview(page)
    assert [number for number, _sessions in shown["days"]] == [1, 2]
    assert str(shown["days"][0][1][0].title) == "Opening"
    response = page.make_preview_request(preview_mode="")
    assert "09:00 – 09:30" in response.content.decode()


def test_a_planned_agenda_stays_when_its_template_changes_and_says_from_which_it_came(sign_in: Callable[..., Client]):
    stage = Stage("study_visit")
    page = publish(is_default=True)
    lead = sign_in(Client(), stage.people.lead)
    address = reverse("workspace:agenda", args=[stage.evaluation.uid])
    begun = lead.get(address, {"template": str(page.translation_key), "language": "en"}).content.decode()
    assert 'value="Night shift"' in begun
    assert "as it was published on" in begun
    template = page.as_template()
    agenda = write_agenda(
        [], language="en", template=template.name, published_at=template.published_at, by=stage.people.lead
    )
    agenda.sessions = [{"title": "Night shift", "day": 1, "minutes": 90, "keys": []}]
    save_agenda(stage.visit, agenda, seen=0)
    page.title, page.sessions = "Other", [{"type": "each_domain", "value": {"minutes": 30}}]
    page.save_revision().publish()
    page.delete()
    kept = Agenda.objects.get()
    assert (kept.template_name, kept.template_published_at) == ("Remote", template.published_at)
    assert [session.title for session in sessions_of(kept)] == ["Night shift"]
    visit = lead.get(reverse("workspace:visit", args=[stage.evaluation.uid])).content.decode()
    assert "Begun from the template “Remote”" in " ".join(visit.split())


def test_a_template_that_nobody_knows_is_refused(sign_in: Callable[..., Client]):
    stage = Stage("study_visit")
    lead = sign_in(Client(), stage.people.lead)
    for typed in ({"template": "gone", "language": "en"}, {"template": SHIPPED, "language": "xx"}):
        page = lead.get(reverse("workspace:agenda", args=[stage.evaluation.uid]), typed).content.decode()
        assert "No agenda yet" in page
        assert 'class="error"' in page
