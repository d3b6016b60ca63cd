"""A report without its issue: the document of a decision as it stands, and the PDF of a document."""

from evaluation.models import Decision
from reports.document import Document, compose
from reports.fact_reader import gather
from reports.language import Speech
from reports.pdf import Progress, begin_pdf


def print_pdf(document: Document, progress: Progress = lambda stage: None) -> bytes:
    return begin_pdf(document, progress)()


def compose_report(decision: Decision, language: str) -> Document:
    return compose(gather(decision, language), decision.evaluation.round.edition.texts(language), Speech(language))
