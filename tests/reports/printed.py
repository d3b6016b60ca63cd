"""A report without an issue: the document of a decision, and the PDF of a document."""

from evaluation.models import Decision
from reports.document import Document, compose
from reports.fact_reader import read_facts
from reports.language import GettextLocale
from reports.pdf import Progress, start_pdf


def print_pdf(document: Document, progress: Progress = lambda stage: None) -> bytes:
    return start_pdf(document, progress)()


def compose_report(decision: Decision, language: str) -> Document:
    return compose(
        read_facts(decision, language), decision.evaluation.round.edition.texts(language), GettextLocale(language)
    )
