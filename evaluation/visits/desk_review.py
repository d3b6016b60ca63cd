"""The desk review: assessors mark the answers and ask questions, and the hotline answers them before the visit begins.

Each assessor has their own mark on an answer; the whole team and MCE can read it. The mark `ask` creates a question,
which the hotline can read once the questions are sent. A sent question cannot be changed; its author may change the
mark, for instance to agree with the answer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from evaluation.answers.judgements import Closed, Conflict
from evaluation.files.documents import save_document
from evaluation.files.inspection import Upload
from evaluation.files.kinds import Unacceptable
from evaluation.models import DeskMark, DeskProof, DeskQuestion, Evaluation, TeamMember, User, Visit

Kind = DeskMark.Kind
LONGEST_WORDS = 4000
OPEN_IN = (Evaluation.State.DESK_REVIEW, Evaluation.State.STUDY_VISIT)


@dataclass(frozen=True, slots=True)
class MarkInput:
    """The submitted mark of an assessor. An empty `kind` deletes the mark.

    For `ask`, `words` are the question until it is sent; otherwise they are a note for the team.
    """

    kind: str
    words: str = ""


class InvalidMarks(ValueError):
    """Marks cannot be saved. `problems` has a code by indicator: `no_question`, `no_mark`, `too_long` or `unknown`."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(problems.values()))
        self.problems = dict(problems)


class InvalidAnswerWords(ValueError):
    """An answer to a question cannot be saved. `code` is `no_words` or `too_long`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


# --- Reading ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class DeskNotes:
    """The notes of the desk review on one indicator: the marks of the team, and the questions with their answers."""

    marks: list[DeskMark] = field(default_factory=list)
    questions: list[DeskQuestion] = field(default_factory=list)

    @property
    def is_to_be_seen(self) -> bool:
        return any(mark.kind == Kind.SEE for mark in self.marks)

    def mark_of(self, user: User) -> DeskMark | None:
        return next((mark for mark in self.marks if mark.by_id == user.pk), None)

    def question_of(self, user: User) -> DeskQuestion | None:
        return next((question for question in self.questions if question.by_id == user.pk), None)


def is_desk_open(visit: Visit | None) -> bool:
    """Whether marks, questions and answers can be saved: until the visit begins."""
    return visit is not None and visit.state in Visit.BEFORE_IT_BEGINS and visit.evaluation.state in OPEN_IN


def find_notes(evaluation: Evaluation, codes: Iterable[str] | None = None) -> dict[str, DeskNotes]:
    """Return the notes of the desk review by indicator code. The caller checks the right to see them.

    At most four queries.
    """
    found: dict[str, DeskNotes] = defaultdict(DeskNotes)
    marks = evaluation.desk_marks.select_related("by")
    questions = evaluation.desk_questions.select_related("by", "answered_by").prefetch_related("proofs__document")
    if codes is not None:
        marks, questions = marks.filter(code__in=list(codes)), questions.filter(code__in=list(codes))
    for mark in marks:
        found[mark.code].marks.append(mark)
    for question in questions:
        found[question.code].questions.append(question)
    return found


def questions_to(evaluation: Evaluation) -> list[DeskQuestion]:
    """Return the sent questions in the order of the Guide. At most three queries."""
    order = {code: place for place, code in enumerate(evaluation.framework.indicators)}
    sent = evaluation.desk_questions.filter(sent_at__isnull=False).select_related("by", "answered_by")
    return sorted(sent.prefetch_related("proofs__document"), key=lambda one: (order.get(one.code, 0), one.pk))


def count_questions(evaluation: Evaluation) -> tuple[int, int]:
    """Return the number of sent questions, and of those that the hotline has not answered. One query."""
    sent = evaluation.desk_questions.filter(sent_at__isnull=False)
    counted = sent.aggregate(sent=Count("pk"), awaited=Count("pk", filter=Q(version=0)))
    return counted["sent"], counted["awaited"]


def count_awaited(evaluation: Evaluation) -> int:
    """Return the number of sent questions that the hotline has not answered."""
    return count_questions(evaluation)[1]


# --- Marking and asking ----------------------------------------------------------------------------------------------


def _lock(evaluation: Evaluation) -> Visit | None:
    """Lock the evaluation, so that the visit cannot begin concurrently, and return its current visit."""
    locked = Evaluation.objects.select_for_update(no_key=True).get(pk=evaluation.pk)
    visit = Visit.objects.select_for_update().filter(evaluation=locked).first()
    if visit is not None:
        visit.evaluation = locked
    return visit


@transaction.atomic
def save_marks(evaluation: Evaluation, wanted: Mapping[str, MarkInput], *, by: User) -> int | Closed:
    """Save the marks of one assessor, all or none. Return how many rows changed. Raises InvalidMarks."""
    if not is_desk_open(_lock(evaluation)):
        return Closed()
    marks = {mark.code: mark for mark in evaluation.desk_marks.filter(by=by)}
    questions = {question.code: question for question in evaluation.desk_questions.filter(by=by)}
    if problems := _find_problems(evaluation, wanted, questions):
        raise InvalidMarks(problems)
    changed = 0
    for code, one in wanted.items():
        question = questions.get(code)
        sent = question if question and question.is_sent else None
        asks, words = one.kind == Kind.ASK, one.words.strip()
        is_question = asks and (sent is None or words == sent.words)
        changed += _save_mark(evaluation, code, marks.get(code), MarkInput(one.kind, "" if is_question else words), by)
        if sent is None:
            changed += _save_question(evaluation, code, question, words if asks else "", by)
    return changed


def _find_problems(
    evaluation: Evaluation, wanted: Mapping[str, MarkInput], questions: Mapping[str, DeskQuestion]
) -> dict[str, str]:
    asked, problems = evaluation.asked, {}
    for code, one in wanted.items():
        question = questions.get(code)
        if code not in asked or one.kind not in ("", *Kind.values):
            problems[code] = "unknown"
        elif len(one.words.strip()) > LONGEST_WORDS:
            problems[code] = "too_long"
        elif not one.kind and one.words.strip():
            problems[code] = "no_mark"
        elif one.kind == Kind.ASK and not one.words.strip() and not (question and question.is_sent):
            problems[code] = "no_question"
    return problems


def _save_mark(evaluation: Evaluation, code: str, mark: DeskMark | None, wanted: MarkInput, by: User) -> bool:
    if not wanted.kind:
        return bool(mark and mark.delete())
    if mark and (mark.kind, mark.words) == (wanted.kind, wanted.words):
        return False
    mark = mark or DeskMark(evaluation=evaluation, code=code, by=by)
    mark.kind, mark.words, mark.at = wanted.kind, wanted.words, timezone.now()
    mark.save()
    return True


def _save_question(evaluation: Evaluation, code: str, question: DeskQuestion | None, words: str, by: User) -> bool:
    """Save an unsent question, or delete it if `words` are empty. Return whether something changed."""
    if not words:
        return bool(question and question.delete())
    if question and question.words == words:
        return False
    question = question or DeskQuestion(evaluation=evaluation, code=code, by=by)
    question.words, question.asked_at = words, timezone.now()
    question.save()
    return True


def unsent_questions() -> QuerySet[DeskQuestion]:
    """Return the unsent questions of current team members.

    Questions of former members, who may have a stake in the hotline, are never sent.
    """
    seats = TeamMember.objects.filter(visit__evaluation=OuterRef("evaluation"), user=OuterRef("by"))
    return DeskQuestion.objects.filter(Exists(seats), sent_at=None)


@transaction.atomic
def send_questions(evaluation: Evaluation) -> list[DeskQuestion] | Closed:
    """Send all unsent questions of the team, and return them."""
    if not is_desk_open(_lock(evaluation)):
        return Closed()
    questions = list(unsent_questions().filter(evaluation=evaluation))
    now = timezone.now()
    DeskQuestion.objects.filter(pk__in=[question.pk for question in questions]).update(sent_at=now)
    return questions


# --- Answering -------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_desk_answer(question: DeskQuestion, words: str, *, version: int, by: User) -> DeskQuestion | Conflict | Closed:
    """Save the hotline's answer to a question if `version` is current. Raises InvalidAnswerWords."""
    words = words.strip()
    if not is_desk_open(_lock(question.evaluation)):
        return Closed()
    if not words or len(words) > LONGEST_WORDS:
        raise InvalidAnswerWords("too_long" if words else "no_words")
    present = DeskQuestion.objects.select_for_update(of=("self",)).select_related("answered_by").get(pk=question.pk)
    if present.answer == words and present.is_answered:
        return present
    if present.version != version:
        return Conflict(present)
    present.answer, present.version = words, version + 1
    present.answered_by, present.answered_at = by, timezone.now()
    present.save(update_fields=["answer", "version", "answered_by", "answered_at"])
    return present


@transaction.atomic
def add_desk_proof(
    question: DeskQuestion, *, by: User, upload: Upload | None = None, address: str = ""
) -> DeskProof | Closed:
    """Attach an uploaded document or an address to an answer. Raises Unacceptable if it is attached already."""
    if not is_desk_open(_lock(question.evaluation)):
        return Closed()
    document = save_document(question.evaluation.hotline, upload, by=by) if upload else None
    same = {"document": document} if document else {"address": address}
    if question.proofs.filter(**same).exists():
        raise Unacceptable("shown_already", upload.name if upload else address)
    return DeskProof.objects.create(question=question, document=document, address="" if document else address, by=by)


@transaction.atomic
def remove_desk_proof(proof: DeskProof) -> bool:
    """Remove a proof before the visit begins. Its document is kept. Return whether it was removed."""
    if not is_desk_open(_lock(proof.question.evaluation)):
        return False
    proof.delete()
    return True
