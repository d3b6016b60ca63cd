"""Good practice on its way into the library: proposing, consenting, thanks and questions."""

from collections.abc import Iterator, Mapping

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from evaluation.follow_up.progress import published_practices
from evaluation.guards.permissions import is_allowed
from evaluation.guards.reasons import Reason, no_right
from evaluation.guards.roles import HOTLINE_ROLES
from evaluation.joined_words import leave_out_names
from evaluation.models import (
    Finding,
    GoodPractice,
    Hotline,
    PracticeConsent,
    PracticeQuestion,
    PracticeThanks,
    Role,
    Step,
    User,
)
from evaluation.queries import independent_of
from evaluation.workflow import Act, Refusal, act_of, register_act

State = GoodPractice.State


# --- Proposing and writing -------------------------------------------------------------------------------------------


def proposable_findings(user: User) -> QuerySet[Finding]:
    """Return published good practice that nobody has proposed and that a person may propose, newest first."""
    found = published_practices().filter(practice=None).order_by("-evaluation__round__opens_on", "evaluation", "code")
    if user.has_role(Role.MCE_COORDINATOR):
        return found
    if not user.has_role(Role.ASSESSOR):
        return found.none()
    return found.filter(independent_of(user, "evaluation__hotline"), evaluation__visit__team__user=user)


@transaction.atomic
def propose_practice(finding: Finding, *, title: str, by: User) -> GoodPractice:
    """Return the practice of a finding, which is made with the assessors' words, unnamed, unless there is one.

    Raises Refusal without the right, and if the note is no good practice of a published outcome.
    """
    practice = GoodPractice(
        finding=finding,
        key=finding.evaluation.framework.indicators[finding.code].permanent_key,
        title=title[: GoodPractice.LONGEST_TITLE],
        text=leave_out_names(finding.words, User.objects.filter(visit_seats__visit__evaluation=finding.evaluation)),
        proposed_by=by,
    )
    if not is_allowed("practice.write", by, practice):
        raise Refusal("propose", [no_right("practice.write", by, practice)])
    locked = Finding.objects.select_for_update().get(pk=finding.pk)
    known = GoodPractice.objects.filter(finding=locked).first()
    if known is not None:
        return known
    if not published_practices().filter(pk=locked.pk).exists():
        raise Refusal("propose", [Reason("no_good_practice")])
    practice.save()
    return practice


def _check_read(practice: GoodPractice, *, by: User | None, note: str, read: str, **_: object) -> Iterator[Reason]:
    """Find whether the text was changed since it was read: `read` is its digest then."""
    if practice.digest != read:
        yield Reason("text_changed")


def _write(practice: GoodPractice, *, by: User | None, read: str, texts: Mapping[str, str]) -> None:
    """Set the public texts, by field."""
    for name in GoodPractice.TEXTS:
        setattr(practice, name, texts[name].strip())


register_act(GoodPractice.kind, "revise", act=Act(check=_check_read, prepare=_write))


# --- Consent ---------------------------------------------------------------------------------------------------------


@act_of(GoodPractice.kind, "consent", check=_check_read)
def _keep_consent(practice: GoodPractice, step: Step, *, read: str) -> None:
    """Store the text that was consented to."""
    PracticeConsent.objects.create(practice=practice, step=step, content=practice.content, sha256=read)


# --- Readers ---------------------------------------------------------------------------------------------------------


def practices_with_hotlines() -> QuerySet[GoodPractice]:
    """Return good practice with what pages and rights read of each."""
    return GoodPractice.objects.select_related(
        "finding__evaluation__hotline", "finding__evaluation__round__edition"
    ).defer("finding__evaluation__round__edition__structure")


def library_of_others(user: User) -> QuerySet[GoodPractice]:
    """Return what other hotlines have in the library; nothing for who is of no hotline, and reads the public pages."""
    own = user.hotlines_as(*HOTLINE_ROLES)
    found = practices_with_hotlines().filter(state=State.PUBLISHED).exclude(finding__evaluation__hotline__in=own)
    return found if own else found.none()


def practices_of(user: User) -> QuerySet[GoodPractice]:
    """Return the practices of which a person may see more than the public text: MCE all, others their own."""
    found = practices_with_hotlines()
    if user.has_role(Role.MCE_COORDINATOR):
        return found
    own = Q(finding__evaluation__hotline__in=user.hotlines_as(*HOTLINE_ROLES))
    if user.has_role(Role.ASSESSOR):
        own |= independent_of(user, "finding__evaluation__hotline") & Q(finding__evaluation__visit__team__user=user)
    return found.filter(own).distinct()


# --- Thanks and questions --------------------------------------------------------------------------------------------


def _require(act: str, right: str, by: User, practice: GoodPractice) -> None:
    if not is_allowed(right, by, practice):
        raise Refusal(act, [no_right(right, by, practice)])


@transaction.atomic
def say_thanks(practice: GoodPractice, *, by: User) -> None:
    """Count a person's thanks, once. Raises Refusal without the right."""
    _require("thank", "practice.thank", by, practice)
    PracticeThanks.objects.get_or_create(practice=practice, by=by)


@transaction.atomic
def take_thanks_back(practice: GoodPractice, *, by: User) -> None:
    """Take a person's thanks back, if there are any. Raises Refusal without the right."""
    _require("thank", "practice.thank", by, practice)
    PracticeThanks.objects.filter(practice=practice, by=by).delete()


@transaction.atomic
def ask_question(practice: GoodPractice, words: str, *, by: User) -> tuple[PracticeQuestion, bool]:
    """Ask the hotline about its practice, for the first of the asking person's hotlines. Raises Refusal.

    Return the question, and whether it is new: the same words of a person are one question, however often sent.
    """
    locked = GoodPractice.objects.select_for_update().get(pk=practice.pk)
    _require("ask_question", "practice.thank", by, locked)
    hotline = Hotline.objects.filter(pk__in=by.hotlines_as(*HOTLINE_ROLES)).order_by("name").first()
    assert hotline is not None  # the right is that of another hotline's people
    words = words.strip()
    known = locked.questions.filter(by=by, words=words).first()
    if known is not None:
        return known, False
    return PracticeQuestion.objects.create(practice=locked, by=by, hotline=hotline, words=words), True


@transaction.atomic
def answer_question(question: PracticeQuestion, answer: str, *, by: User) -> bool:
    """Answer a question. Return False if somebody has answered it otherwise meanwhile. Raises Refusal."""
    locked = PracticeQuestion.objects.select_for_update().get(pk=question.pk)
    _require("answer", "practice.answer", by, locked.practice)
    answer = answer.strip()
    if locked.answer:
        return locked.answer == answer
    locked.answer, locked.answered_by, locked.answered_at = answer, by, timezone.now()
    locked.save(update_fields=["answer", "answered_by", "answered_at"])
    return True


@transaction.atomic
def hide_question(question: PracticeQuestion, *, is_hidden: bool, by: User) -> None:
    """Hide a question with its answer from other hotlines, or show it again. Raises Refusal."""
    locked = PracticeQuestion.objects.select_for_update().get(pk=question.pk)
    _require("hide", "practice.moderate", by, locked.practice)
    locked.hidden_by = by if is_hidden else None
    locked.save(update_fields=["hidden_by"])


def readable_questions(practice: GoodPractice, user: User) -> QuerySet[PracticeQuestion]:
    """Return the questions that a person may read: hidden ones only who moderates them, and their authors."""
    found = practice.questions.select_related("by", "hotline", "answered_by")
    if is_allowed("practice.moderate", user, practice):
        return found
    return found.filter(Q(hidden_by=None) | Q(by=user))


def waiting_questions(hotlines: set[int]) -> QuerySet[PracticeQuestion]:
    """Return the shown questions about the library that some hotlines have not answered, the oldest first."""
    return PracticeQuestion.objects.filter(
        answer="",
        hidden_by=None,
        practice__state=State.PUBLISHED,
        practice__finding__evaluation__hotline__in=hotlines,
    ).select_related("practice__finding__evaluation__hotline", "hotline")


def practices_waiting_for_consent(hotlines: set[int]) -> QuerySet[GoodPractice]:
    """Return the practices to whose text some hotlines have not answered yet."""
    return practices_with_hotlines().filter(state=State.ASKED, finding__evaluation__hotline__in=hotlines)


def count_thanks(practice: GoodPractice) -> int:
    return practice.thanks.count()
