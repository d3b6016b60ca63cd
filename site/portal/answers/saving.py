"""Save texts: a single one sent by the script, or a whole page sent by a plain form."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.answers.entered_answers import SIDES, EnteredAnswer
from evaluation.answers.judgements import AnswerInput, Closed, Conflict, InvalidAnswer, Saved
from evaluation.answers.unresolved_texts import Kind, Reason, save_text
from evaluation.models import Answer, Evaluation, UnresolvedText
from evaluation.models.evaluation import EvaluationState
from portal.access import find_evaluation
from portal.presentation.form_values import describe_invalid_answer, fingerprint
from portal.presentation.indicators.indicator import show_one_indicator
from portal.presentation.moments import saved_words
from portal.requests.signed_in import SignedInRequest, refuse_foreign_form
from standards.framework import Indicator

State = Evaluation.State

WHOLE = "whole"
"""The name, in addresses and forms, of the general text, which is about no indicator and has an empty code."""


class Fields:
    """The submitted values of one indicator: `words-1.1.2` on a page with many, `words` in a form of one."""

    def __init__(self, sent: QueryDict, code: str, *, alone: bool = False) -> None:
        self._sent = sent
        self._suffix = "" if alone else f"-{code}"

    def get(self, name: str, default: str = "") -> str:
        return self._sent.get(f"{name}{self._suffix}", default)

    @property
    def entered(self) -> EnteredAnswer:
        return EnteredAnswer(
            level=self.get("level"),
            value=self.get("value"),
            words=self.get("words"),
            good_practice=bool(self.get("good_practice")),
            **{name: self.get(name) for name in SIDES},
        )

    @property
    def is_changed(self) -> bool:
        """Whether the values differ from those in the rendered form; True if the form did not send their digest."""
        return self.get("was") != fingerprint(**asdict(self.entered))


@dataclass(frozen=True, slots=True)
class Submission:
    """The metadata of a submitted text. A missing version becomes -1, which matches no stored version."""

    version: int
    save_uid: UUID | None
    draft_uid: UUID
    resolves: bool


Changed = dict[str, dict[str, Any]]
"""By the name of a text: a conflict or a problem, with the submitted values."""


def read_submission(fields: Fields) -> Submission:
    version = fields.get("version")
    save_uid = read_uid(fields.get("save_uid"))
    return Submission(
        version=int(version) if version.isdecimal() and len(version) < 10 else -1,
        save_uid=save_uid,
        draft_uid=read_uid(fields.get("draft_uid")) or save_uid or uuid4(),
        resolves=bool(fields.get("resolves")),
    )


def read_uid(text: str) -> UUID | None:
    """Return a valid UUID, or None for any other text."""
    try:
        return UUID(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class TextPage:
    """One kind of text: its page, its permission, and how it is read, saved and rendered."""

    kind: Kind
    address_name: str
    """The URL name of the page; its arguments are the evaluation's uid, and the standard if `is_by_standard`."""
    right: str
    """The right over the evaluation that is needed to write."""
    history_right: str
    """The right that is needed to read earlier versions."""
    written_at: EvaluationState
    """The stage of the evaluation in which the text can be written."""
    read: Callable[[EnteredAnswer, Any], AnswerInput]
    """Reads the input for an indicator, or None for the general text, from its entries. Raises InvalidAnswer."""
    draw: Callable[..., HttpResponse]
    """Renders the page: takes the request, the evaluation, the standard, the unsaved texts and the status."""
    find: Callable[[SignedInRequest, UUID, str], Evaluation] = find_evaluation
    """Returns the evaluation, for users with a right over it."""
    missing: Callable[[Kind, Evaluation, Indicator, AnswerInput], str] | None = None
    """Describes what a saved text still needs."""
    watch: Callable[[Evaluation], Callable[[Any, str], Mapping[str, Any]]] | None = None
    """Called before a save by a script; returns a function that returns the other changes of the page.

    That function takes the stored judgement and what it still needs.
    """
    is_by_standard: bool = False
    has_whole: bool = False
    """Whether the page has a general text, which belongs to no indicator."""
    anchor: str = "i"
    """The prefix of an indicator's fragment on the page, followed by its code."""
    closed_words: Any = ""
    """Why a text cannot be changed although the evaluation is at `written_at`; empty if that cannot happen."""

    def names(self, evaluation: Evaluation, standard: str = "") -> Iterable[str]:
        """Return the names of the texts of the page. Raises Http404 for an unknown standard."""
        if not self.is_by_standard:
            return (*([WHOLE] if self.has_whole else []), *evaluation.framework.indicators)
        if standard not in evaluation.framework.standards:
            raise Http404
        return tuple(indicator.code for indicator in evaluation.framework.standards[standard].indicators)

    def standard_of(self, evaluation: Evaluation, code: str) -> str:
        """Return the standard whose page has the text about an indicator; empty if all are on one page."""
        return evaluation.framework.standard_of[code].code if self.is_by_standard else ""

    def address(self, evaluation: Evaluation, standard: str = "", name: str = "") -> str:
        """Return the address of the page, with the fragment of one text."""
        page = reverse(self.address_name, args=[evaluation.uid, *([standard] if self.is_by_standard else [])])
        return f"{page}#{self.anchor}{name}" if name else page

    def save(self, request: SignedInRequest, uid: UUID, code: str, standard: str = "") -> HttpResponse:
        """Save the text `code`. Respond to a script with JSON, to a plain form of the whole page with a redirect."""
        evaluation = self.find(request, uid, self.right)
        if code not in self.names(evaluation, standard):
            raise Http404
        if refusal := refuse_foreign_form(request):
            return refusal
        if request.headers.get("Accept") == "application/json":
            return self._save_by_script(request, evaluation, code)
        return self.show(request, evaluation, standard, self.save_form(request, evaluation, standard, code), code)

    def save_plainly(self, request: SignedInRequest, evaluation: Evaluation, standard: str = "") -> HttpResponse:
        """Save the whole page and redirect to it, or render it with the unsaved texts."""
        if refusal := refuse_foreign_form(request):
            return refusal
        return self.show(request, evaluation, standard, self.save_form(request, evaluation, standard))

    def save_first(self, request: SignedInRequest, evaluation: Evaluation, *, is_open: bool) -> HttpResponse | None:
        """Save the whole page before its texts are submitted. Return a response if that is not possible, else None."""
        if refusal := refuse_foreign_form(request):
            return refusal
        if changed := self.save_form(request, evaluation):
            return self.show(request, evaluation, "", changed)
        undecided = evaluation.unresolved_texts.filter(kind=self.kind, author=request.user, reason=Reason.CONFLICT)
        if is_open and (text := undecided.first()):
            messages.error(request, _("Two people wrote here at once. Choose one of the texts, then hand them on."))
            return HttpResponseRedirect(self.address(evaluation, name=text.code or WHOLE))
        return None

    def show(
        self, request: SignedInRequest, evaluation: Evaluation, standard: str, changed: Changed, name: str = ""
    ) -> HttpResponse:
        """Render the page with the unsaved texts, or redirect to the text `name` on it if all are saved."""
        if changed:
            return self.draw(request, evaluation, standard, changed=changed, status=status_of(changed))
        return HttpResponseRedirect(self.address(evaluation, standard, name))

    def save_form(
        self,
        request: SignedInRequest,
        evaluation: Evaluation,
        standard: str = "",
        pressed: str = "",
        *,
        without: UUID | None = None,
    ) -> Changed:
        """Save every changed text of a page; return the unsaved ones by name, with the submitted values.

        `pressed` is the name of the text whose button was used. An unchanged text is saved too if it is `pressed` and
        was carried over or sent with `confirms`. `without` is the `draft_uid` of a text that is being discarded; it is
        not saved.
        """
        changed: Changed = {}
        for name in self.names(evaluation, standard):
            alone = name == pressed and f"version-{name}" not in request.POST
            if not alone and f"version-{name}" not in request.POST:
                continue
            fields = Fields(request.POST, name, alone=alone)
            submission = read_submission(fields)
            confirms = name == pressed and (submission.version == 0 or "confirms" in request.POST)
            if submission.draft_uid == without or not (alone or confirms or fields.is_changed):
                continue
            try:
                submitted, result = self._save(request, evaluation, name, fields, submission)
            except InvalidAnswer as invalid:
                changed[name] = {
                    "problem": describe_invalid_answer(invalid),
                    "mine": fields.entered.without_numbers(),
                    "submitted_number": fields.entered.value,
                }
                continue
            match result:
                case Conflict(theirs):
                    changed[name] = {"conflict": theirs, "mine": submitted, "draft_uid": submission.draft_uid}
                case Closed():
                    changed[name] = {"problem": self.closed_text(evaluation), "mine": submitted, "is_closed": True}
        return changed

    def _save_by_script(self, request: SignedInRequest, evaluation: Evaluation, name: str) -> HttpResponse:
        """Return JSON: the new version and what is missing, both texts of a conflict (409), or a problem (422, 423)."""
        fields = Fields(request.POST, name, alone=True)
        submission = read_submission(fields)
        describe = self.watch(evaluation) if self.watch else _describe_nothing
        try:
            submitted, result = self._save(request, evaluation, name, fields, submission)
        except InvalidAnswer as invalid:
            return JsonResponse({"problem": describe_invalid_answer(invalid)}, status=422)
        match result:
            case Saved(version):
                missing = self._find_missing(evaluation, name, submitted)
                data = {"version": version, "saved": saved_words(timezone.now()), "missing": missing}
                stored = Answer(code=name, version=version, by=request.user, **_answer_fields(submitted))
                return JsonResponse({**data, **describe(stored, missing)})
            case Conflict(theirs):
                panel = _panel(request, evaluation, submission, theirs)
                data = {"version": theirs.version, "theirs": as_fields(theirs), "panel": panel}
                changes = describe(theirs, self._find_missing(evaluation, name, theirs)) if self.watch else {}
                return JsonResponse({**data, **changes}, status=409)
            case _:
                data = {"problem": self.closed_text(evaluation), "panel": _panel(request, evaluation, submission, None)}
                return JsonResponse(data, status=423)

    def _find_missing(self, evaluation: Evaluation, name: str, judgement: Any) -> str:
        if self.missing is None:
            return ""
        return self.missing(self.kind, evaluation, evaluation.framework.indicators[name], judgement)

    def _save(
        self, request: SignedInRequest, evaluation: Evaluation, name: str, fields: Fields, submission: Submission
    ) -> tuple[AnswerInput, Saved | Conflict | Closed]:
        submitted = self.read(fields.entered, evaluation.framework.indicators.get(name))
        return submitted, save_text(
            self.kind,
            evaluation,
            "" if name == WHOLE else name,
            submitted,
            version=submission.version,
            by=request.user,
            save_uid=submission.save_uid,
            draft_uid=submission.draft_uid,
            resolves=submission.resolves,
        )

    def closed_text(self, evaluation: Evaluation) -> str:
        """Return the message that it is too late or too early to save, with the present stage of the evaluation."""
        now = State(Evaluation.objects.values_list("state", flat=True).get(pk=evaluation.pk))
        if now == self.written_at and self.closed_words:
            return str(self.closed_words)
        order = list(State)
        if order.index(now) > order.index(self.written_at):
            words = _(
                "This can no longer be changed: it now stands at “%(now)s”. Your text is kept until you discard it."
            )
        else:
            words = _("This cannot be changed yet: it now stands at “%(now)s”. Your text is kept until you discard it.")
        return words % {"now": now.label}


def _describe_nothing(_judgement: Any, _missing: str) -> Mapping[str, Any]:
    return {}


def _answer_fields(submitted: AnswerInput) -> dict[str, Any]:
    return {name: getattr(submitted, name) for name in ("level", "value", "not_applicable", "words")}


def as_fields(current: Any) -> dict[str, Any]:
    """Return the stored values as form values."""
    if not hasattr(current, "level"):
        return {"words": current.words}
    return asdict(EnteredAnswer.of(current))


def _panel(request: SignedInRequest, evaluation: Evaluation, submission: Submission, current: Any) -> str:
    """Return the rendered panel of the unresolved text of this submission; empty if there is none."""
    text = (
        UnresolvedText.objects.filter(author=request.user, draft_uid=submission.draft_uid)
        .select_related("other")
        .first()
    )
    if text is None:
        return ""
    context = {
        "text": text,
        "theirs": current,
        "shown": None if text.is_only_words else show_one_indicator(evaluation, text.code, current),
        "is_open": current is not None,
        "is_live": True,
    }
    return render_to_string("unresolved/unresolved.html", context, request)


def status_of(changed: Changed) -> int:
    """Return the status code of a page with unsaved texts."""
    if not changed:
        return 200
    if any("conflict" in what for what in changed.values()):
        return 409
    return 423 if any("is_closed" in what for what in changed.values()) else 422
