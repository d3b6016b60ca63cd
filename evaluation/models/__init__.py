"""The rows of an examination, a module for each noun of the trade."""

from evaluation.models.hotline import Hotline, Operation, Operator
from evaluation.models.judgements import Answer, AnswerVersion, Document, Evidence, Finding, FindingVersion
from evaluation.models.outcome import Decision, Recommendation, Scorecard
from evaluation.models.people import Invitation, Membership, Stake, User, normalise_email
from evaluation.models.round import Evaluation, Round
from evaluation.models.statistics import Figure, StatisticsImport
from evaluation.models.step import Step, StepWords
from evaluation.models.visit import TeamMember, Visit
from evaluation.roles import HOTLINE_ROLES, SECOND_FACTOR_ROLES, Role

__all__ = [
    "HOTLINE_ROLES",
    "SECOND_FACTOR_ROLES",
    "Answer",
    "AnswerVersion",
    "Decision",
    "Document",
    "Evaluation",
    "Evidence",
    "Figure",
    "Finding",
    "FindingVersion",
    "Hotline",
    "Invitation",
    "Membership",
    "Operation",
    "Operator",
    "Recommendation",
    "Role",
    "Round",
    "Scorecard",
    "Stake",
    "StatisticsImport",
    "Step",
    "StepWords",
    "TeamMember",
    "User",
    "Visit",
    "normalise_email",
]
