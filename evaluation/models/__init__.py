"""The models of the evaluation, one module per noun of the domain. Import them from here."""

from evaluation.models.accreditation.accreditation import Accreditation, Extent, Publication, PublicExtent, Reminder
from evaluation.models.accreditation.withdrawal import Withdrawal
from evaluation.models.answers.judgements import (
    Answer,
    AnswerVersion,
    Document,
    Evidence,
    EvidenceChange,
    Finding,
    FindingVersion,
    ReturnedAnswer,
    Submission,
)
from evaluation.models.answers.unresolved import UnresolvedText
from evaluation.models.consultation import (
    CommentAnswer,
    CommentVersion,
    Consultation,
    ConsultationComment,
    ConsultationText,
    Urgency,
)
from evaluation.models.discussions.assignment import Assignment, AssignmentLetter
from evaluation.models.discussions.discussion import (
    Audience,
    Discussion,
    DiscussionComment,
    DiscussionCommentVersion,
    Mention,
)
from evaluation.models.discussions.last_look import LastLook
from evaluation.models.evaluation import Evaluation
from evaluation.models.exchanges import Exchange, HostOffer
from evaluation.models.figures.delivery import Matching, SpooledFile, SystemKey
from evaluation.models.figures.network_year import NetworkRelease, NetworkYear
from evaluation.models.figures.pinned import PinnedFigures
from evaluation.models.figures.statistics import Figure, StatisticsImport
from evaluation.models.files import PartialUpload, UploadPart
from evaluation.models.hotlines import Hotline, Operation, Operator
from evaluation.models.panel.appeal import Appeal, AppealDeclaration, AppealVote, Correction, Ruling
from evaluation.models.panel.decision import Comment, Decision, Declaration, Requirement, Vote
from evaluation.models.panel.fulfilment import Fulfilment, FulfilmentProof
from evaluation.models.people.change import PersonChange
from evaluation.models.people.roles import HOTLINE_ROLES, INDEPENDENT_ROLES, SECOND_FACTOR_ROLES, Role
from evaluation.models.people.user import Invitation, Membership, Stake, User, normalise_email
from evaluation.models.practices import GoodPractice, PracticeConsent, PracticeQuestion, PracticeThanks
from evaluation.models.recommendations import Proof, Recommendation
from evaluation.models.response import (
    DraftAcceptance,
    DraftRemark,
    DraftRemarkVersion,
    Remark,
    RemarkProof,
    Reply,
    ReplyVersion,
    Response,
)
from evaluation.models.rounds import Round
from evaluation.models.scorecards import Scorecard
from evaluation.models.step import Step, StepWords
from evaluation.models.visits.agenda import Agenda
from evaluation.models.visits.assessor import Absence, AssessorProfile
from evaluation.models.visits.desk_review import DeskMark, DeskProof, DeskQuestion
from evaluation.models.visits.earlier_visit import EarlierVisit
from evaluation.models.visits.observation import Observation, ObservationVersion, RecordingDevice
from evaluation.models.visits.recorded_file import RecordedFile
from evaluation.models.visits.sheet import Channel, LateRow, SheetRow, SheetRowVersion, VisitSheet
from evaluation.models.visits.suggested_dates import SuggestedDates
from evaluation.models.visits.team import CalendarSubscription, TeamMember
from evaluation.models.visits.visit import Visit

__all__ = [
    "HOTLINE_ROLES",
    "INDEPENDENT_ROLES",
    "SECOND_FACTOR_ROLES",
    "Absence",
    "Accreditation",
    "Agenda",
    "Answer",
    "AnswerVersion",
    "Appeal",
    "AppealDeclaration",
    "AppealVote",
    "AssessorProfile",
    "Assignment",
    "AssignmentLetter",
    "Audience",
    "CalendarSubscription",
    "Channel",
    "Comment",
    "CommentAnswer",
    "CommentVersion",
    "Consultation",
    "ConsultationComment",
    "ConsultationText",
    "Correction",
    "Decision",
    "Declaration",
    "DeskMark",
    "DeskProof",
    "DeskQuestion",
    "Discussion",
    "DiscussionComment",
    "DiscussionCommentVersion",
    "Document",
    "DraftAcceptance",
    "DraftRemark",
    "DraftRemarkVersion",
    "EarlierVisit",
    "Evaluation",
    "Evidence",
    "EvidenceChange",
    "Exchange",
    "Extent",
    "Figure",
    "Finding",
    "FindingVersion",
    "Fulfilment",
    "FulfilmentProof",
    "GoodPractice",
    "HostOffer",
    "Hotline",
    "Invitation",
    "LastLook",
    "LateRow",
    "Matching",
    "Membership",
    "Mention",
    "NetworkRelease",
    "NetworkYear",
    "Observation",
    "ObservationVersion",
    "Operation",
    "Operator",
    "PartialUpload",
    "PersonChange",
    "PinnedFigures",
    "PracticeConsent",
    "PracticeQuestion",
    "PracticeThanks",
    "Proof",
    "PublicExtent",
    "Publication",
    "Recommendation",
    "RecordedFile",
    "RecordingDevice",
    "Remark",
    "RemarkProof",
    "Reminder",
    "Reply",
    "ReplyVersion",
    "Requirement",
    "Response",
    "ReturnedAnswer",
    "Role",
    "Round",
    "Ruling",
    "Scorecard",
    "SheetRow",
    "SheetRowVersion",
    "SpooledFile",
    "Stake",
    "StatisticsImport",
    "Step",
    "StepWords",
    "Submission",
    "SuggestedDates",
    "SystemKey",
    "TeamMember",
    "UnresolvedText",
    "UploadPart",
    "Urgency",
    "User",
    "Visit",
    "VisitSheet",
    "Vote",
    "Withdrawal",
    "normalise_email",
]
