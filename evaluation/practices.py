"""Good practice for the library: proposals, consents, thanks and questions."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

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
from evaluation.models.people.permissions import is_allowed, no_right
from evaluation.models.people.roles import HOTLINE_ROLES
from evaluation.models.reasons import Reason
from evaluation.queries import independent_of
from evaluation.recommendations.progress import published_practices
from evaluation.workflow import Act, Refusal, act_of, register_act

State = GoodPractice.State


# --- Proposing and writing -------------------------------------------------------------------------------------------


def proposable_findings(user: User) -> QuerySet[Finding]:
    """Return the published findings with good practice, not proposed yet, that a user may propose, newest first."""
    found = published_practices().filter(practice=None).order_by("-evaluation__round__opens_on", "evaluation", "code")
    if user.has_role(Role.MCE_COORDINATOR):
        return found
    if not user.has_role(Role.ASSESSOR):
        return found.none()
    return found.filter(independent_of(user, "evaluation__hotline"), evaluation__visit__team__user=user)


@transaction.atomic
def propose_practice(finding: Finding, *, title: str, by: User) -> GoodPractice:
    """Return the practice of a finding. If there is none, create it with the assessors' words, without their names.

    Raises Refusal without the right, and if the finding is not good practice of a published outcome.
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
    """Yield a reason if the text was changed since the user read it. `read` is the digest of the text that was read."""
    if practice.digest != read:
        yield Reason("text_changed")


def _write(practice: GoodPractice, *, by: User | None, read: str, texts: Mapping[str, str]) -> None:
    """Set the public texts, which are given by field name."""
    for name in GoodPractice.TEXTS:
        setattr(practice, name, texts[name].strip())


register_act(GoodPractice.kind, "revise", act=Act(check=_check_read, prepare=_write))


# --- Consent ---------------------------------------------------------------------------------------------------------


@act_of(GoodPractice.kind, "consent", check=_check_read)
def _store_consent(practice: GoodPractice, step: Step, *, read: str) -> None:
    """Store the text to which the hotline consented."""
    PracticeConsent.objects.create(practice=practice, step=step, content=practice.content, sha256=read)


# --- Readers ---------------------------------------------------------------------------------------------------------


def practices_with_hotlines() -> QuerySet[GoodPractice]:
    """Return good practice with the related objects that pages and permissions read."""
    return GoodPractice.objects.select_related(
        "finding__evaluation__hotline", "finding__evaluation__round__edition"
    ).defer("finding__evaluation__round__edition__structure")


def library_of_others(user: User) -> QuerySet[GoodPractice]:
    """Return the library's practices of other hotlines; none for a user without a hotline, who reads public pages."""
    own = user.hotlines_as(*HOTLINE_ROLES)
    found = practices_with_hotlines().filter(state=State.PUBLISHED).exclude(finding__evaluation__hotline__in=own)
    return found if own else found.none()


def practices_of(user: User) -> QuerySet[GoodPractice]:
    """Return the practices of which a user may see more than the public text: all for MCE, their own for others."""
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
def add_thanks(practice: GoodPractice, *, by: User) -> None:
    """Store the thanks of a user, once. Raises Refusal without the right."""
    _require("thank", "practice.thank", by, practice)
    PracticeThanks.objects.get_or_create(practice=practice, by=by)


@transaction.atomic
def withdraw_thanks(practice: GoodPractice, *, by: User) -> None:
    """Delete the thanks of a user, if there are any. Raises Refusal without the right."""
    _require("thank", "practice.thank", by, practice)
    PracticeThanks.objects.filter(practice=practice, by=by).delete()


QUESTIONS_A_DAY = 10
"""The most questions of one person in 24 hours: each is a letter to the people of a hotline."""


class TooManyQuestions(ValueError):
    """A person has asked the most questions of a day; the next one can be asked after `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@transaction.atomic
def ask_question(practice: GoodPractice, words: str, *, by: User) -> tuple[PracticeQuestion, bool]:
    """Store a question about a practice, for the first of the user's hotlines by name.

    Raises Refusal, and TooManyQuestions.

    Return the question, and whether it is new: the same words of a user are stored once.
    """
    locked = GoodPractice.objects.select_for_update().get(pk=practice.pk)
    _require("ask_question", "practice.thank", by, locked)
    hotline = Hotline.objects.filter(pk__in=by.hotlines_as(*HOTLINE_ROLES)).order_by("recorded_name").first()
    assert hotline is not None  # only users of another hotline have the right
    words = words.strip()
    known = locked.questions.filter(by=by, words=words).first()
    if known is not None:
        return known, False
    User.objects.select_for_update().get(pk=by.pk)  # two questions at once, on two practices, are counted in turn
    since = timezone.now() - timedelta(days=1)
    asked = PracticeQuestion.objects.filter(by=by, at__gt=since).order_by("-at").values_list("at", flat=True)
    if len(asked := asked[:QUESTIONS_A_DAY]) == QUESTIONS_A_DAY:
        raise TooManyQuestions(asked[QUESTIONS_A_DAY - 1] + timedelta(days=1))
    return PracticeQuestion.objects.create(practice=locked, by=by, hotline=hotline, words=words), True


@transaction.atomic
def answer_question(question: PracticeQuestion, answer: str, *, by: User) -> bool:
    """Answer a question. Return False if it already has a different answer. Raises Refusal."""
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
    """Return the questions that a user may read. Hidden ones can be read by moderators and their authors only."""
    found = practice.questions.select_related("by", "hotline", "answered_by")
    if is_allowed("practice.moderate", user, practice):
        return found
    return found.filter(Q(hidden_by=None) | Q(by=user))


def waiting_questions(hotlines: set[int]) -> QuerySet[PracticeQuestion]:
    """Return the visible questions about published practices that these hotlines have not answered, oldest first."""
    return PracticeQuestion.objects.filter(
        answer="",
        hidden_by=None,
        practice__state=State.PUBLISHED,
        practice__finding__evaluation__hotline__in=hotlines,
    ).select_related("practice__finding__evaluation__hotline", "hotline")


def practices_waiting_for_consent(hotlines: set[int]) -> QuerySet[GoodPractice]:
    """Return the practices for which the consent of these hotlines is asked."""
    return practices_with_hotlines().filter(state=State.ASKED, finding__evaluation__hotline__in=hotlines)


def count_thanks(practice: GoodPractice) -> int:
    return practice.thanks.count()
