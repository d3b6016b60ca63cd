"""Plan the agenda of a visit: begun from a template, changed row by row, saved as a version."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from evaluation.answers.judgements import Closed, Conflict
from evaluation.models import Agenda, Evaluation, Visit
from evaluation.visits.agendas import (
    MOST_SESSIONS,
    InvalidAgenda,
    Template,
    is_agenda_open,
    newest_agenda,
    save_agenda,
    sessions_of,
    write_agenda,
)
from evaluation.workflow import Refusal, arrow, perform
from portal.access import find_visit
from portal.presentation.passages import language_name
from portal.presentation.reasons import ShownReason, show_reason
from portal.requests.signed_in import SignedInRequest
from portal.visits.agenda_rows import AgendaForms, Row, change_rows, in_order, read_number, read_rows, row_of
from portal.visits.agenda_templates.beginning import begin_agenda, language_of_hotline
from portal.visits.agenda_templates.reader import list_templates
from portal.visits.shown.agenda import show_agenda
from standards.presentation.reading_language import content_language

_SIGNER = Signer(salt="portal.visits.agenda")
SHOWN_VERSIONS = 20
ACTS = {
    "up": gettext_lazy("Earlier"),
    "down": gettext_lazy("Later"),
    "add": gettext_lazy("Add one below"),
    "remove": gettext_lazy("Remove"),
}
"""The actions of a row's buttons, with their labels."""


class BeginForm(forms.Form):
    """The template from which an agenda is begun, and its language: that of the hotline, if the site has it."""

    template = forms.ChoiceField(label=gettext_lazy("Template"))
    language = forms.ChoiceField(label=gettext_lazy("Language of the agenda"))

    def __init__(self, *args: Any, evaluation: Evaluation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        template, language = self.fields["template"], self.fields["language"]
        assert isinstance(template, forms.ChoiceField)
        assert isinstance(language, forms.ChoiceField)
        template.choices = [(one.code, one.template.name) for one in list_templates(content_language())]
        language.choices = [(code, language_name(code)) for code, _name in settings.LANGUAGES]
        language.initial = language_of_hotline(evaluation.hotline)

    def chosen(self) -> Template:
        """Return the chosen template in the chosen language. The form must be valid."""
        listed = list_templates(self.cleaned_data["language"])
        code = self.cleaned_data["template"]
        return next((one.template for one in listed if one.code == code), listed[0].template)


class SendForm(forms.Form):
    """Whether a letter with the agenda is sent when it is saved."""

    send = forms.BooleanField(
        label=gettext_lazy("Send it to the hotline and the team"),
        required=False,
        help_text=gettext_lazy("Each gets a letter with the agenda. One that was sent is not sent again."),
    )


# --- The template of an agenda ---------------------------------------------------------------------------------------

Origin = dict[str, str]
"""The language, the name and the date of the template, which the form carries signed."""


def _origin_of_template(template: Template) -> Origin:
    at = template.published_at
    return {"language": template.language, "name": template.name, "at": at.isoformat() if at else ""}


def _origin_of_agenda(agenda: Agenda) -> Origin:
    at = agenda.template_published_at
    return {"language": agenda.language, "name": agenda.template_name, "at": at.isoformat() if at else ""}


def _read_origin(sent: str) -> Origin | None:
    try:
        origin: Origin = _SIGNER.unsign_object(sent)
    except (BadSignature, ValueError):
        return None
    return origin


def _published_at(origin: Origin) -> datetime | None:
    return parse_datetime(origin["at"]) if origin["at"] else None


# --- The page --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def agenda(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Plan the agenda. Only the button that saves writes it; the others render the changed rows."""
    visit = find_visit(request, uid, "visit.plan")
    if request.method == "POST":
        return _receive(request, visit)
    if not is_agenda_open(visit):
        is_over = visit.agreed_days is not None
        why = _("The agenda does not change any more.") if is_over else _("An agenda needs days: agree on them first.")
        messages.error(request, why)
        return HttpResponseRedirect(reverse("workspace:visit", args=[uid]))
    newest = newest_agenda(visit)
    begun = BeginForm(request.GET if "language" in request.GET else None, evaluation=visit.evaluation)
    if begun.is_bound and begun.is_valid():
        template = begun.chosen()
        rows = [row_of(session) for session in begin_agenda(visit, template)]
        return _draw(request, visit, newest, rows, _origin_of_template(template), is_changed=True)
    begin = begun if begun.is_bound else None
    if former := _find_version(visit, request.GET.get("version", "")):
        rows = [row_of(session) for session in sessions_of(former)]
        return _draw(request, visit, newest, rows, _origin_of_agenda(former), is_changed=former != newest)
    if newest:
        rows = [row_of(session) for session in sessions_of(newest)]
        return _draw(request, visit, newest, rows, _origin_of_agenda(newest), begin=begin)
    return _draw(request, visit, None, [], None, begin=begin)


def _find_version(visit: Visit, sent: str) -> Agenda | None:
    """Return an earlier version of the agenda, to be saved again."""
    number = read_number(sent)
    return visit.agendas.filter(version=number).first() if number else None


def _receive(request: SignedInRequest, visit: Visit) -> HttpResponse:
    submitted = read_rows(request.POST)
    rows = in_order(submitted)
    newest = newest_agenda(visit)
    origin = _read_origin(request.POST.get("origin", ""))
    act, _dash, place = request.POST.get("act", "save").partition("-")
    if origin is None:
        messages.error(request, _("Begin the agenda from a template first."))
        return HttpResponseRedirect(reverse("workspace:agenda", args=[visit.evaluation.uid]))
    if act == "add" and len(rows) >= MOST_SESSIONS:
        messages.error(request, _("An agenda has at most %(count)s sessions.") % {"count": MOST_SESSIONS})
        return _draw(request, visit, newest, rows, origin, is_changed=True)
    if act == "add" and not rows:
        focus = change_rows(rows, act, 0, visit.days)
    elif act in ACTS and (row := _find_row(submitted, place)) is not None:
        at = next(number for number, one in enumerate(rows) if one is row)
        focus = change_rows(rows, act, at, visit.days)
    else:
        return _save(request, visit, newest, rows, origin)
    return _draw(request, visit, newest, rows, origin, is_changed=True, focus=focus)


def _find_row(rows: list[Row], place: str) -> Row | None:
    number = read_number(place)
    return rows[number] if number is not None and number < len(rows) else None


def _save(
    request: SignedInRequest, visit: Visit, newest: Agenda | None, rows: list[Row], origin: Origin
) -> HttpResponse:
    filled = AgendaForms(rows, visit, visit.evaluation.framework, sent=True)
    if not rows:
        return _draw(request, visit, newest, rows, origin, is_empty=True, is_changed=True, status=422)
    if not filled.is_valid():
        return _draw(request, visit, newest, rows, origin, filled=filled, is_changed=True, status=422)
    wanted = write_agenda(
        filled.sessions(),
        language=origin["language"],
        template=origin["name"],
        published_at=_published_at(origin),
        by=request.user,
    )
    is_sent = False
    try:
        with transaction.atomic():
            saved = save_agenda(visit, wanted, seen=_seen(request))
            if isinstance(saved, Agenda) and request.POST.get("send") and saved.sent_at is None:
                perform(visit, "send_agenda", by=request.user, agenda=saved)
                is_sent = True
    except Refusal as refusal:
        shown = [show_reason(reason, visit) for reason in refusal.reasons]
        return _draw(request, visit, newest, rows, origin, filled=filled, refused=shown, is_changed=True, status=409)
    except InvalidAgenda as invalid:
        filled.add_problems(invalid.problems)
        return _draw(request, visit, newest, rows, origin, filled=filled, is_changed=True, status=422)
    if isinstance(saved, Closed):
        return _draw(request, visit, newest, rows, origin, is_closed=True, is_changed=True, status=423)
    if isinstance(saved, Conflict):
        return _draw(request, visit, saved.theirs, rows, origin, is_conflict=True, is_changed=True, status=409)
    if is_sent:
        messages.success(request, _("The agenda is saved. The hotline and the team have a letter with it."))
    else:
        messages.success(request, _("The agenda is saved. The hotline and the team see it on the page of the visit."))
    return HttpResponseRedirect(reverse("workspace:visit", args=[visit.evaluation.uid]))


def _draw(
    request: SignedInRequest,
    visit: Visit,
    newest: Agenda | None,
    rows: list[Row],
    origin: Origin | None,
    *,
    filled: AgendaForms | None = None,
    begin: BeginForm | None = None,
    focus: int | None = None,
    is_changed: bool = False,
    is_empty: bool = False,
    is_closed: bool = False,
    is_conflict: bool = False,
    refused: Sequence[ShownReason] = (),
    status: int = 200,
) -> HttpResponse:
    """Render the page. `is_changed` marks rows that are not saved yet."""
    framework = visit.evaluation.framework
    filled = filled or AgendaForms(rows, visit, framework, sent=False)
    return render(
        request,
        "visits/agenda.html",
        {
            "evaluation": visit.evaluation,
            "visit": visit,
            "newest": newest,
            "theirs": show_agenda(newest, visit, framework) if is_conflict and newest else None,
            "rows": filled.shown(focus),
            "acts": ACTS.items(),
            "wrong": filled.wrong_fields(),
            "seen": (newest.version if newest else 0) if is_conflict or request.method != "POST" else _seen(request),
            "origin": _SIGNER.sign_object(origin) if origin else "",
            "origin_name": origin and origin["name"],
            "published_at": _published_at(origin) if origin else None,
            "begin": begin or BeginForm(evaluation=visit.evaluation),
            "versions": visit.agendas.select_related("by")[:SHOWN_VERSIONS],
            "sending": SendForm(initial={"send": bool(request.POST.get("send"))}) if _may_be_sent(visit) else None,
            "is_changed": is_changed,
            "is_empty": is_empty,
            "is_closed": is_closed,
            "refused": refused,
        },
        status=status,
    )


def _may_be_sent(visit: Visit) -> bool:
    """Return whether the agenda can be sent in the present state of the visit: once its team is confirmed."""
    return arrow(visit, "send_agenda") is not None


def _seen(request: SignedInRequest) -> int:
    return read_number(request.POST.get("seen", "")) or 0


urlpatterns = [path("evaluations/<uuid:uid>/visit/agenda/", agenda, name="agenda")]
