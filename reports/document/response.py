"""The part on the hotline's response to the draft: its remarks, the assessors' replies, and the changed findings."""

from evaluation.engine.scoring import Judgement
from reports.document.composer import Composer
from reports.document.shape import AnsweredNote, ResponsePart
from standards.framework import Indicator, Measure
from standards.presentation.sentences import Passage, Sentence


def compose_response(composer: Composer) -> ResponsePart:
    """Return the part on the hotline's response, also if there is none. It is empty in a version for the public."""
    locale, response = composer.locale, composer.facts.response
    if composer.facts.extent:
        return ResponsePart("", Passage(""), ())
    if response is None:
        return ResponsePart(locale.gettext("The hotline did not respond to the draft."), Passage(""), ())
    day = locale.day(response.given_on)
    order = {code: place for place, code in enumerate(composer.framework.indicators)}
    remarks = tuple(_note(composer, code) for code in sorted(response.remarks, key=lambda c: order[c]))
    if not response.words.strip() and not remarks:
        nothing = locale.gettext("The hotline has nothing to add to the draft. It said so on {day}.")
        return ResponsePart(nothing.format(day=day) + _accepted(composer, response.accepted), Passage(""), ())
    sentence = locale.gettext("The hotline responded to the draft on {day}.").format(day=day)
    return ResponsePart(sentence + _accepted(composer, response.accepted), composer.written(response.words), remarks)


def _accepted(composer: Composer, count: int) -> str:
    if not count:
        return ""
    words = composer.locale.ngettext("It accepts {count} finding.", "It accepts {count} findings.", count)
    return f" {words.format(count=count)}"


def _note(composer: Composer, code: str) -> AnsweredNote:
    response = composer.facts.response
    assert response is not None  # the code is that of one of its remarks
    return AnsweredNote(
        code,
        composer.written(response.remarks[code]),
        composer.written(response.replies.get(code, "")),
        _change(composer, code),
    )


def _change(composer: Composer, code: str) -> Sentence | None:
    response, indicator = composer.facts.response, composer.framework.indicators[code]
    change = response.changes.get(code) if response else None
    if change is None or code in composer.facts.withheld:
        return None
    words = composer.locale.gettext("The assessors changed the finding from “{was}” to “{now}”.")
    return composer.sentence(
        words,
        was=_format_judgement(composer, indicator, change.was),
        now=_format_judgement(composer, indicator, change.now),
    )


def _format_judgement(composer: Composer, indicator: Indicator, judged: Judgement) -> str | Passage | Sentence:
    locale = composer.locale
    if judged.not_applicable:
        return locale.gettext("not applicable")
    if judged.not_seen:
        return locale.gettext("could not be looked at")
    if judged.value is not None:
        return composer.value(indicator, judged.value)
    if judged.level is None:
        return locale.gettext("no finding")
    if indicator.measure is Measure.YES_NO:
        return locale.gettext("Yes") if judged.level == composer.framework.scale.best else locale.gettext("No")
    return composer.guide(f"level/{judged.level}")
