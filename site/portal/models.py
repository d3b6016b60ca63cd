"""The models of the portal, each defined in its room. Django finds them here; other modules import them from there."""

from portal.accounts.models import PasswordReset
from portal.approval.models import IndependentApprovalTask
from portal.cms.link_checks.models import LinkCheck
from portal.handbook.models import CountryPage, HandbookPage, ProcedurePage, TermPage
from portal.handbook.practice import GoodPracticePage
from portal.letters.models import Letter
from portal.operations.models import CalendarRun, MissingFile, RunningWorker
from portal.public.models import HomePage
from portal.visits.agenda_templates.models import AgendaTemplatePage
from portal.visits.sheet_templates.models import SheetTemplatePage

__all__ = [
    "AgendaTemplatePage",
    "CalendarRun",
    "CountryPage",
    "GoodPracticePage",
    "HandbookPage",
    "HomePage",
    "IndependentApprovalTask",
    "Letter",
    "LinkCheck",
    "MissingFile",
    "PasswordReset",
    "ProcedurePage",
    "RunningWorker",
    "SheetTemplatePage",
    "TermPage",
]
