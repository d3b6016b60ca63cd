"""Saving what people type: one text sent by the script, or a whole page sent by a plain form."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.judgements import Clash, Kept, Said, Shut, Unfit
from evaluation.models import Evaluation, UnresolvedText
from evaluation.unresolved import save_text
from portal import errors
from portal.workspace.indicators import saved_words
from portal.workspace.typed import fingerprint, level_field, read_words, write_number

State, Kind = Evaluation.State, UnresolvedText.Kind

Read = Callable[["Fields"], Said]
"""Reads what the fields say. Raises Unfit for what does not fit the indicator."""


class Fields:
    """What a form says of one indicator: `words-1.1.2` on a page that holds many, `words` where one is sent alone."""

    def __init__(self, sent: QueryDict, code: str, *, alone: bool = False) -> None:
        self._sent = sent
        self._suffix = "" if alone else f"-{code}"

    def get(self, name: str, default: str = "") -> str:
        return self._sent.get(f"{name}{self._suffix}", default)

    @property
    def is_changed(self) -> bool:
        """Whether somebody changed what stood in the form when it was shown; unknown counts as changed."""
        now = fingerprint(
            self.get("level"), self.get("value"), read_words(self, "words"), bool(self.get("good_practice"))
        )
        return self.get("was") != now


@dataclass(frozen=True, slots=True)
class Submission:
    """What a form sends beside the text. A missing version matches nothing."""

    version: int
    save_uid: UUID | None
    draft_uid: UUID
    resolves: bool


def read_submission(fields: Fields) -> Submission:
    version = fields.get("version")
    save_uid = _read_uid(fields.get("save_uid"))
    return Submission(
        version=int(version) if version.isdecimal() and len(version) < 10 else -1,
        save_uid=save_uid,
        draft_uid=_read_uid(fields.get("draft_uid")) or save_uid or uuid4(),
        resolves=bool(fields.get("resolves")),
    )


def _read_uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def belongs_to_another(request: HttpRequest) -> HttpResponse | None:
    """The refusal of a form that was shown to somebody else than who is signed in now."""
    owner = request.POST.get("owner", "")
    if owner and owner != str(request.user.uid):
        return errors.lost_session(request, errors.ANOTHER_PERSON)
    return None


def save_by_script(
    request: HttpRequest,
    kind: str,
    evaluation: Evaluation,
    code: str,
    read: Read,
    *,
    missing: Callable[[Said], str] = lambda said: "",
    words_for: Callable[[Unfit], str] = str,
    code_of: Callable[[str], str] = str,
) -> HttpResponse:
    """Save one text for the script: the new version and what is still missing, both texts of a conflict, or a problem."""
    if refusal := belongs_to_another(request):
        return refusal
    fields = Fields(request.POST, code, alone=True)
    submission = read_submission(fields)
    try:
        said = read(fields)
        result = _save(request, kind, evaluation, code_of(code), said, submission)
    except Unfit as unfit:
        return JsonResponse({"problem": words_for(unfit)}, status=422)
    match result:
        case Kept(version):
            saved = saved_words(timezone.now())
            return JsonResponse({"version": version, "saved": saved, "missing": missing(said)})
        case Clash(theirs):
            data = {
                "version": theirs.version,
                "theirs": _as_fields(theirs),
                "panel": _panel(request, evaluation, submission, theirs),
            }
            return JsonResponse(data, status=409)
        case _:
            data = {"problem": shut_words(kind, evaluation), "panel": _panel(request, evaluation, submission, None)}
            return JsonResponse(data, status=423)


def _save(
    request: HttpRequest, kind: str, evaluation: Evaluation, code: str, said: Said, submission: Submission
) -> Kept | Clash | Shut:
    return save_text(
        kind,
        evaluation,
        code,
        said,
        version=submission.version,
        by=request.user,
        save_uid=submission.save_uid,
        draft_uid=submission.draft_uid,
        resolves=submission.resolves,
    )


def _as_fields(theirs: Any) -> dict[str, Any]:
    """What stands on the server, as the fields of a form."""
    if not hasattr(theirs, "level"):
        return {"words": theirs.words}
    return {
        "level": level_field(theirs),
        "value": "" if theirs.value is None else write_number(theirs.value),
        "words": theirs.words,
        "good_practice": bool(getattr(theirs, "good_practice", False)),
    }


def _panel(request: HttpRequest, evaluation: Evaluation, submission: Submission, theirs: Any) -> str:
    """The panel of the text that was just kept as unresolved; nothing where no text was lost."""
    text = (
        UnresolvedText.objects.filter(author=request.user, draft_uid=submission.draft_uid)
        .select_related("other")
        .first()
    )
    if text is None:
        return ""
    context = {
        "text": text,
        "theirs": theirs,
        "scale": evaluation.framework.scale,
        "is_open": theirs is not None,
        "is_live": True,
    }
    return render_to_string("workspace/unresolved.html", context, request)


_WRITTEN_AT = {Kind.ANSWER: State.SELF_ASSESSMENT, Kind.FINDING: State.STUDY_VISIT, Kind.REMARK: State.RESPONSE}


def shut_words(kind: str, evaluation: Evaluation) -> str:
    """That a text comes too late or too early, and at which stage the evaluation stands now."""
    now = State(Evaluation.objects.values_list("state", flat=True).get(pk=evaluation.pk))
    order = list(State)
    if order.index(now) > order.index(_WRITTEN_AT[Kind(kind)]):
        words = _("This can no longer be changed: it now stands at “%(now)s”. Your text is kept until you discard it.")
    else:
        words = _("This cannot be changed yet: it now stands at “%(now)s”. Your text is kept until you discard it.")
    return words % {"now": now.label}


def save_page(
    request: HttpRequest,
    kind: str,
    evaluation: Evaluation,
    codes: Iterable[str],
    read: Callable[[str], Read],
    *,
    pressed: str = "",
    without: UUID | None = None,
    words_for: Callable[[Unfit], str] = str,
    code_of: Callable[[str], str] = str,
) -> dict[str, dict[str, Any]]:
    """Save every text of a page that was changed; return by code what could not be saved, with what was typed.

    `pressed` is the indicator whose button was used: it is also saved when it stands there from last time. `without`
    names the form that holds a text which is being discarded. `code_of` gives the indicator's code for a name in the
    form.
    """
    changed: dict[str, dict[str, Any]] = {}
    for code in codes:
        alone = code == pressed and f"version-{code}" not in request.POST
        if not alone and f"version-{code}" not in request.POST:
            continue
        fields = Fields(request.POST, code, alone=alone)
        submission = read_submission(fields)
        confirms = code == pressed and submission.version == 0
        if submission.draft_uid == without or not (alone or confirms or fields.is_changed):
            continue
        try:
            said = read(code)(fields)
            result = _save(request, kind, evaluation, code_of(code), said, submission)
        except Unfit as unfit:
            changed[code] = {"problem": words_for(unfit)} | typed(fields)
            continue
        match result:
            case Clash(theirs):
                changed[code] = {"clash": theirs, "mine": said, "draft_uid": submission.draft_uid}
            case Shut():
                changed[code] = {"problem": shut_words(kind, evaluation), "mine": said, "is_shut": True}
    return changed


def status_of(changed: dict[str, dict[str, Any]]) -> int:
    """The status of a page that says what could not be saved."""
    if not changed:
        return 200
    if any("clash" in what for what in changed.values()):
        return 409
    return 423 if any("is_shut" in what for what in changed.values()) else 422


def typed(fields: Fields) -> dict[str, Any]:
    """What does not fit, as it was typed, so that it stands in the form again."""
    mine = Said(
        not_applicable=fields.get("level") == "na",
        not_seen=fields.get("level") == "unseen",
        words=read_words(fields, "words"),
        good_practice=bool(fields.get("good_practice")),
    )
    return {"mine": mine, "typed_number": fields.get("value")}
