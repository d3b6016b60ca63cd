"""The data that the recording view keeps on a device: the checklist, the indicators, and the user's own records."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evaluation.answers.entered_answers import NOT_APPLICABLE, NOT_SEEN, write_level
from evaluation.answers.unresolved_texts import Kind, late_texts_of
from evaluation.models import Answer, User, Visit
from evaluation.models.answers.judgements import needs_a_finding
from evaluation.visits.agendas import compute_times, newest_agenda, sessions_of
from evaluation.visits.files import own_files
from evaluation.visits.recording import is_recording
from portal.answers.saving import as_fields
from portal.presentation.indicators.indicator import ShownIndicator, show_one_indicator
from portal.visits.recording.rows import read_own_sheets
from portal.visits.shown.agenda import describe_times, find_standards, name_day
from portal.visits.shown.files import describe_for_device
from standards.framework import Standard
from standards.presentation.marking import language_of
from standards.presentation.sentences import Passage


def read_material(visit: Visit, user: User) -> dict[str, Any]:
    """Return everything that a device needs to record offline. A constant number of queries."""
    evaluation = visit.evaluation
    return {
        "person": {"uid": str(user.uid), "name": user.name},
        "visit": {
            "uid": str(evaluation.uid),
            "hotline": evaluation.hotline.name,
            "name": _("Study visit, %(hotline)s") % {"hotline": evaluation.hotline.name},
        },
        **read_checklist(visit),
        "is_open": is_recording(visit, user),
        "recorded": recorded_by(visit, user),
        "files": files_by(visit, user),
        **read_own_sheets(visit, user),
        "late": [text.code for text in late_texts_of(user, evaluation, Kind.OBSERVATION)],
    }


def read_checklist(visit: Visit) -> dict[str, Any]:
    """Return the groups of the checklist, and each indicator by code. Two queries."""
    evaluation = visit.evaluation
    answers = {answer.code: answer for answer in evaluation.answers.all()}
    texts = evaluation.round.edition.texts(get_language())
    shown = {code: show_one_indicator(evaluation, code, answers[code], texts) for code in evaluation.examined}
    return {
        "groups": list(_groups(visit, texts)),
        "indicators": {code: _describe(one, answers[code]) for code, one in shown.items()},
    }


def recorded_by(visit: Visit, user: User) -> dict[str, Any]:
    """Return the user's observations as form values with their version, by indicator. One query."""
    own = visit.observations.filter(by=user, version__gt=0)
    return {
        seen.code: {"version": seen.version, "fields": as_fields(seen)} for seen in own if visit.is_about(seen.code)
    }


def files_by(visit: Visit, user: User) -> list[dict[str, Any]]:
    """Return the files that the user attached. One query."""
    return [describe_for_device(file, visit.evaluation.uid) for file in own_files(visit, user)]


def _groups(visit: Visit, texts: Any) -> Iterable[dict[str, Any]]:
    """Yield the sessions of the agenda with their indicators, then by standard the indicators of no session."""
    framework, asked = visit.evaluation.framework, visit.evaluation.examined

    def codes_of(standard: Standard) -> list[str]:
        return [indicator.code for indicator in standard.indicators if indicator.code in asked]

    listed: set[str] = set()
    agenda = newest_agenda(visit)
    for timed in compute_times(sessions_of(agenda)):
        standards = [framework.standards[code] for code in find_standards(timed.session.keys, framework)]
        codes = [code for standard in standards for code in codes_of(standard) if code not in listed]
        listed.update(codes)
        if codes and agenda:
            lede = ", ".join(filter(None, (describe_times(timed), timed.session.people)))
            title = _passage(Passage(timed.session.title, agenda.language))
            yield {"title": title, "lede": lede, "note": name_day(visit, timed.session.day), "codes": codes}
    for standard in framework.standards.values():
        if codes := [code for code in codes_of(standard) if code not in listed]:
            title = _passage(texts[f"standard/{standard.code}/title"], standard.code)
            yield {"title": title, "lede": "", "note": "", "codes": codes}


def _passage(text: Any, before: object = "") -> dict[str, str]:
    """Return a text with its language, if that is not the active one; `before` is a code or number put in front."""
    return {"text": f"{before} {text}" if before != "" else str(text), "lang": language_of(text)}


def _describe(shown: ShownIndicator, answer: Answer) -> dict[str, Any]:
    """Return an indicator with its question, its choices and the hotline's answer, as texts."""
    indicator = shown.indicator
    choices = [
        {
            "value": choice.value,
            "label": _labelled(shown, choice),
            "meaning": _passage(choice.meaning),
            "tint": None if shown.is_yes_no else choice.tint,
        }
        for choice in shown.choices
    ]
    if indicator.not_applicable:
        choices.append(
            {"value": NOT_APPLICABLE, "label": _passage(_("Not applicable")), "meaning": _passage(_("needs a reason"))}
        )
    is_needed = needs_a_finding(indicator, answer)
    if is_needed:
        meaning = _passage(_("needs a reason, and counts as missing"))
        choices.append({"value": NOT_SEEN, "label": _passage(_("Could not be looked at")), "meaning": meaning})
    return {
        "wording": _passage(shown.wording),
        "obligation": _passage(shown.obligation.name),
        "kind": shown.obligation.kind,
        "guidance": _passage(shown.guidance),
        "evidence": _passage(shown.evidence_asked),
        "choices": choices,
        "unit": "" if shown.choices else shown.unit_words or _("Number"),
        "is_needed": is_needed,
        "answer": _describe_answer(shown, answer),
        "answer_tint": next((one.get("tint") for one in choices if one["value"] == write_level(answer)), None),
        "answer_words": answer.words,
    }


def _labelled(shown: ShownIndicator, choice: Any) -> dict[str, str]:
    return _passage(choice.label) if shown.is_yes_no else _passage(choice.label, choice.level)


def _describe_answer(shown: ShownIndicator, answer: Answer) -> dict[str, str]:
    """Return the hotline's answer as a text: a level, a number, or the reason why there is neither."""
    if answer.not_applicable:
        return _passage(_("Not applicable"))
    if answer.value is not None:
        return _passage(f"{shown.number} {shown.unit_words}".strip())
    chosen = next((choice for choice in shown.choices if choice.value == write_level(answer)), None)
    if chosen is not None:
        return _labelled(shown, chosen)
    return _passage(_("from its figures") if shown.indicator.from_figures else _("no answer"))
