"""The answers of a submission as PDF, from its frozen copy and the frozen edition alone. It names no person."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext
from django_tasks import task

from evaluation.answers.deadline.coverage import read_coverage
from evaluation.answers.evidence.validity import describe_force
from evaluation.answers.submission import read_submission, reason_without_figures
from evaluation.engine import scoring
from evaluation.engine.scoring.evidence import read_number, read_partial
from evaluation.figures.dictionary.items import items
from evaluation.models import Evaluation, Submission
from evaluation.result_sentences import format_value
from reports.document.labels import NUMBER, PUBLISHER, SYSTEM
from reports.language import GettextLocale
from reports.models import AnswersPrinting
from reports.numbering import printed_number
from reports.printed_files import give_up, make_in_background, store_pdf
from reports.texts.reading import read_text
from reports.texts.report import key_of
from standards.framework import Indicator, Measure
from standards.presentation.reading_language import active_language, content_language, interface_language
from standards.presentation.sentences import Passage
from standards.public_guide.contexts import LevelRow
from standards.public_guide.reader import Reading


def request_answers(submission: Submission, language: str) -> AnswersPrinting:
    """Return the printing of a submission in a language. Enqueue its task unless it is printed or being printed."""
    with transaction.atomic():
        printing, is_new = AnswersPrinting.objects.select_for_update().get_or_create(
            submission=submission, language=language
        )
        if is_new or printing.may_be_retried:
            printing.report_stage(AnswersPrinting.State.WAITING)
            print_answers.enqueue(printing.pk)
    return printing


@task()
def print_answers(printing_pk: int) -> None:
    """Print the requested answers, and store the progress. On any error the printing is marked as failed."""
    printing = AnswersPrinting.objects.select_related(
        "submission__evaluation__hotline", "submission__evaluation__round__edition"
    ).get(pk=printing_pk)
    if printing.is_running:
        make_in_background(printing, make_answers)


def mark_answers_failed(printing_pk: int) -> None:
    """Mark a printing as failed whose task will not be run again."""
    give_up(AnswersPrinting.objects.select_for_update().filter(pk=printing_pk).first())


def make_answers(printing: AnswersPrinting) -> bool:
    """Print the answers, unless an identical page is printed and its file exists. Return whether they were printed.

    Raises PrintingFailed.
    """
    submission = printing.submission
    html = write_answers_page(submission, printing.language)
    name = f"{submission.evaluation.uid}-{submission.number}-{printing.language}"
    return store_pdf(printing, html, f"answers/{name}.pdf")


# --- The page --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PrintedEvidence:
    """An item of evidence: the name and size of a document, or a web address, and the days on which it is in force."""

    line: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class PrintedAnswer:
    """An indicator with its answer. `row` is its level, `value` a number with its unit, or yes or no."""

    code: str
    wording: Passage
    obligation: Passage
    row: LevelRow | None = None
    value: str = ""
    is_not_applicable: bool = False
    is_from_figures: bool = False
    words: Passage = field(default_factory=lambda: Passage(""))
    evidence: tuple[PrintedEvidence, ...] = ()


def write_answers_page(submission: Submission, language: str) -> str:
    """Return the page to print of the frozen copy, in a language of the interface."""
    with override(active_language(language)):
        return _Writer(submission, active_language(language)).write()


class _Writer:
    """The writer of the page of one submission, in the active language."""

    def __init__(self, submission: Submission, language: str) -> None:
        evaluation: Evaluation = submission.evaluation
        self.submission, self.language, self.round = submission, language, evaluation.round
        self.copy = read_submission(submission)
        self.hotline: str = self.copy.get("hotline_name") or evaluation.hotline.name
        self.reading = Reading.of(evaluation.round.edition, language)
        self.framework, self.texts = self.reading.framework, self.reading.texts
        self.written_in = evaluation.round.edition.source_language
        """The assumed language of the hotline's texts, as in the report."""
        totals = self.copy["figures"]["totals"]
        self.figures = {item: read_number(totals.get(item)) for item in items()}
        self.partial = read_partial(self.copy["figures"]["partial"])

    def write(self) -> str:
        subtitle = _("Self-assessment, submission %(number)s") % {"number": self.copy["number"]}
        sha256 = self.submission.sha256
        foot = f"{self.hotline} · {subtitle} · sha256 {printed_number(sha256)}"
        return render_to_string(
            "reports/answers.html",
            {
                "language": interface_language(self.language),
                "title": f"{self.hotline}: {subtitle}",
                "author": PUBLISHER,
                "w": {"system": SYSTEM, "number": NUMBER},
                "d": {"sample": _("Sample text") if self.reading.is_sample else ""},
                "motto": read_text(key_of("motto"), content_language(self.language)).parts[0],
                "cover": {
                    "title": self.hotline,
                    "subtitle": subtitle,
                    "publisher": PUBLISHER,
                    "facts": list(self._cover_facts()),
                },
                "foot": foot,
                "sha256": sha256,
                "signature": self._signature(),
                "exceptions": [one for one in map(self._answer, self._asked()) if one.is_not_applicable],
                "domains": list(self._domains()),
                "figures": list(self._figures()),
                "files": self.copy["figures"]["files"],
            },
        )

    def _cover_facts(self) -> Iterator[dict[str, str]]:
        coverage = read_coverage(self.copy, self.framework)
        yield {"label": _("Round"), "text": self.copy["round"]}
        yield {"label": _("Guide"), "text": _("Edition %(code)s") % {"code": self.copy["edition"]["code"]}}
        yield {"label": pgettext("self-assessment", "Submitted"), "text": self._moment(self.submission.at)}
        yield {
            "label": _("Answered"),
            "text": _("%(answered)s of %(of)s") % {"answered": coverage.answered, "of": coverage.of},
        }
        if coverage.without_figure:
            codes = ", ".join(indicator.code for indicator in coverage.without_figure)
            yield {"label": _("Figures missing"), "text": codes}
        if reason := reason_without_figures(self.copy):
            yield {"label": _("Why the figures are missing"), "text": reason}
        yield {"label": _("The copy"), "text": f"sha256 {printed_number(self.submission.sha256)}"}

    def _signature(self) -> dict[str, Any] | None:
        """Return the signed declaration, or None. The person appears only as the seal in the step."""
        signed = self.copy.get("declaration")
        if signed is None:
            return None
        language = signed["language"]
        return {
            "paragraphs": signed["text"].split("\n\n"),
            "language": "" if language == interface_language(self.language) else language,
            "at": self._moment(datetime.fromisoformat(signed["signed_at"])),
            "seal": signed["signed_by"],
        }

    def _moment(self, moment: datetime) -> str:
        """Format a moment in the time zone of the round."""
        local = moment.astimezone(ZoneInfo(self.round.time_zone))
        day = GettextLocale(self.language).day(local.date())
        return f"{day}, {local:%H:%M} {local.tzname()}"

    def _asked(self) -> list[Indicator]:
        asked = frozenset(self.copy["asked"])
        return [indicator for code, indicator in self.framework.indicators.items() if code in asked]

    def _answer_data(self, indicator: Indicator) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = self.copy["answers"].get(indicator.code, {})
        return answer

    def _measure(self, indicator: Indicator) -> Fraction | None:
        return scoring.measure(indicator, self.figures, self.partial).value

    def _domains(self) -> Iterator[dict[str, Any]]:
        """Yield the domains and standards with an indicator that was asked."""
        asked = {indicator.code for indicator in self._asked()}
        for domain in self.framework.domains:
            standards = [
                {
                    "code": standard.code,
                    "title": self.texts[f"standard/{standard.code}/title"],
                    "answers": [self._answer(one) for one in standard.indicators if one.code in asked],
                }
                for standard in domain.standards
                if any(one.code in asked for one in standard.indicators)
            ]
            if standards:
                title = self.texts[f"domain/{domain.code}/title"]
                yield {"code": domain.code, "title": title, "standards": standards}

    def _answer(self, indicator: Indicator) -> PrintedAnswer:
        answer, code = self._answer_data(indicator), indicator.code
        words = answer.get("words", "").strip()
        own = self.written_in if self.written_in != interface_language(self.language) else ""
        return PrintedAnswer(
            code=code,
            wording=self.texts[f"indicator/{code}/wording"],
            obligation=self.texts[f"obligation/{indicator.obligation}"],
            row=self._level(indicator, answer),
            value=self._value(indicator, answer),
            is_not_applicable=bool(answer.get("not_applicable")),
            is_from_figures=indicator.from_figures,
            words=Passage(words, own),
            evidence=tuple(map(self._evidence, answer.get("evidence", ()))),
        )

    def _level(self, indicator: Indicator, answer: Mapping[str, Any]) -> LevelRow | None:
        is_level = "level" in answer and indicator.measure is not Measure.YES_NO
        return self.reading.level_row(str(answer["level"])) if is_level else None

    def _value(self, indicator: Indicator, answer: Mapping[str, Any]) -> str:
        """Return a number with its unit, or yes or no. It is empty for a level, and without an answer."""
        if indicator.measure is Measure.YES_NO and "level" in answer:
            return _("Yes") if answer["level"] == self.framework.scale.best else _("No")
        value = Fraction(answer["value"]) if "value" in answer else None
        if indicator.from_figures and value is None:
            value = self._measure(indicator)
        return "" if value is None else format_value(indicator, value)

    def _evidence(self, one: Mapping[str, Any]) -> PrintedEvidence:
        name = one.get("address") or one["name"]
        size = filesizeformat(one["size"]) if "size" in one else ""
        begins_on, ends_on = (date.fromisoformat(one[day]) if day in one else None for day in ("begins_on", "ends_on"))
        line = ", ".join(filter(None, (name, size, describe_force(begins_on, ends_on))))
        return PrintedEvidence(line, one.get("sha256", ""))

    def _figures(self) -> Iterator[dict[str, str]]:
        """Yield the totals that counted, by item. Totals of part of the period come last, with their months."""
        locale, known = GettextLocale(self.language), items()
        for code in self.copy["figures"]["totals"]:
            value = self.figures.get(code)
            if code in known and value is not None:
                yield {"code": code, "name": str(known[code].name), "value": _format_number(value, locale), "part": ""}
        for code, part in self.partial.items():
            words = ngettext("%(months)s month of %(of)s", "%(months)s months of %(of)s", len(part.months))
            yield {
                "code": code,
                "name": str(known[code].name) if code in known else code,
                "value": _format_number(part.value, locale),
                "part": words % {"months": len(part.months), "of": part.of},
            }


def _format_number(value: Fraction, locale: GettextLocale) -> str:
    return locale.number(value, 0 if value.denominator == 1 else 1)
