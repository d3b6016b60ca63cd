"""The page of one recommendation: its text and reasons, its proofs, its moves."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from evaluation import queries
from evaluation.engine.scoring import Scorecard as Card
from evaluation.models import Finding, Membership, Proof, Recommendation, User
from evaluation.models.people.permissions import is_allowed
from evaluation.recommendations import progress
from evaluation.recommendations.drafting import EDITABLE
from evaluation.scorecards import read_result
from portal.moves.pages import offered_moves, shown_steps
from portal.moves.stored_notes import pop_note
from portal.presentation.scorecard.visible_scorecard import read_card
from portal.presentation.uploaded_files import EvidenceForm
from portal.recommendations.rows import show, stages_of
from portal.requests.signed_in import SignedInRequest
from standards.models import Texts

State = Recommendation.State

MOST_OFFERED = 12
"""The most good practices offered to choose from."""


class OwnerForm(forms.Form):
    owner = forms.CharField(
        label=gettext_lazy("Who does it"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("A person of the hotline, by name."),
        widget=forms.TextInput(attrs={"list": "people"}),
    )


class ProofForm(EvidenceForm):
    """Documents, an address, or only a text that explains why there can be neither."""

    words = forms.CharField(
        required=False,
        label=gettext_lazy("What it shows"),
        help_text=gettext_lazy("Without a document and an address: why there can be neither."),
        widget=forms.Textarea(attrs={"rows": 2, "data-says": True}),
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if not self.errors and not any(cleaned.get(name) for name in ("document", "address", "words")):
            self.add_error("document", _("Choose a document, write an address, or say why there can be neither."))
        return cleaned


def render_recommendation(
    request: SignedInRequest, found: Recommendation, *, proof: ProofForm | None = None, owner: OwnerForm | None = None
) -> HttpResponse:
    """Render the page, with invalid submitted forms."""
    evaluation, user = found.evaluation, request.user
    edition = evaluation.round.edition
    texts = edition.texts(get_language())
    (shown,) = show(evaluation, [found], texts)
    may_work = is_allowed("recommendation.work", user, found)
    is_under_way = found.state == State.IN_PROGRESS
    is_open = found.state != State.DRAFTED and not found.is_settled
    known = {edition.pk: texts}
    moves, stored_note = offered_moves(found, user), pop_note(request)
    return render(
        request,
        "recommendations/recommendation.html",
        {
            "evaluation": evaluation,
            "shown": shown,
            "recommendation": found,
            "states": State,
            "stages": stages_of(found),
            "source_language": edition.source_language,
            "scale": evaluation.framework.scale,
            "finding": _show_finding(found, _card_behind(found, user), texts),
            "practices": [_show_practice(practice, known) for practice in progress.shared_practices(found)],
            "offered": _offer_practices(found, known) if may_advise(request, found) else [],
            "proofs": show_proofs(found, may_take_back=may_work and is_under_way),
            "proof_form": (proof or ProofForm()) if may_work and is_under_way else None,
            "owner_form": (owner or OwnerForm(initial={"owner": found.owner})) if may_work and is_open else None,
            "people": _people_of(found) if may_work and is_open else [],
            "moves": moves,
            "stored_note": stored_note,
            "unsent": "" if any(move.needs_note and move.is_open for move in moves) else stored_note,
            "may_edit": found.state == State.DRAFTED
            and evaluation.state in EDITABLE
            and is_allowed("recommendation.edit", user, found),
            "steps": shown_steps(queries.steps_of(found)),
        },
        status=422 if (proof and proof.errors) or (owner and owner.errors) else 200,
    )


def may_advise(request: SignedInRequest, found: Recommendation) -> bool:
    """Return whether the user may share good practice with it, which ends when it is settled."""
    return not found.is_settled and is_allowed("recommendation.advise", request.user, found)


def _people_of(found: Recommendation) -> list[str]:
    today = Membership.objects.today().filter(hotline=found.evaluation.hotline_id)
    return list(today.order_by("user__name").values_list("user__name", flat=True).distinct())


# --- Its reasons -----------------------------------------------------------------------------------------------------


def _card_behind(found: Recommendation, user: User) -> Card | None:
    """Return the scorecard behind it: the newest decided one; for a draft, that of the current evidence."""
    if found.state == State.DRAFTED:
        return read_card(found.evaluation, user).card
    stored = found.evaluation.decided_scorecard
    return read_result(stored) if stored else None


def _show_finding(found: Recommendation, card: Card | None, texts: Texts) -> dict[str, Any] | None:
    """Return the level that counted and the team's finding; None without either."""
    is_draft = found.state == State.DRAFTED
    findings = found.evaluation.findings.all() if is_draft else queries.decided_findings(found.evaluation)
    finding = findings.filter(code=found.code).select_related("by").first()
    score = card.indicators.get(found.code) if card else None
    level = score.level if score else None
    if level is None and not (finding and finding.is_given):
        return None
    return {
        "level": level,
        "label": "" if level is None else texts[f"level/{level}"],
        "meaning": "" if level is None else _meaning(found, level, texts),
        "words": finding.words if finding else "",
        "by": finding.by.name if finding and finding.by else "",
    }


def _meaning(found: Recommendation, level: int, texts: Texts) -> Any:
    """Return the meaning of the level for this indicator."""
    path, scale = f"indicator/{found.code}/level", found.evaluation.framework.scale
    yes_no = {scale.best: "yes", scale.worst: "no"}.get(level, "")
    return texts[f"{path}/{level}"] or texts[f"{path}/{yes_no}"]


# --- Good practice ---------------------------------------------------------------------------------------------------


def offered_practices(found: Recommendation) -> list[Finding]:
    return list(progress.find_practices(found)[:MOST_OFFERED])


def _offer_practices(found: Recommendation, known: dict[int, Texts]) -> list[dict[str, Any]]:
    lent = set(found.practices.values_list("pk", flat=True))
    return [_show_practice(practice, known) | {"is_lent": practice.pk in lent} for practice in offered_practices(found)]


def _show_practice(practice: Finding, known: dict[int, Texts]) -> dict[str, Any]:
    """Return one finding of another hotline; the texts of each edition are read once."""
    edition = practice.evaluation.round.edition
    if edition.pk not in known:
        known[edition.pk] = edition.texts(get_language())
    return {
        "practice": practice,
        "hotline": practice.evaluation.hotline.name,
        "round": practice.evaluation.round.name,
        "wording": known[edition.pk][f"indicator/{practice.code}/wording"],
    }


# --- Proofs ----------------------------------------------------------------------------------------------------------


def show_proofs(found: Recommendation, *, may_take_back: bool) -> list[dict[str, Any]]:
    """Return the proofs for the evidence component. Submitted ones cannot be withdrawn."""
    step = progress.last_submitted(found)
    return [
        _show_proof(proof, found, may_take_back=may_take_back and (step is None or proof.at > step.at))
        for proof in found.proofs.select_related("document", "by")
    ]


def _show_proof(proof: Proof, found: Recommendation, *, may_take_back: bool) -> dict[str, Any]:
    added = _("%(name)s, %(day)s") % {
        "name": proof.by.name,
        "day": date_format(timezone.localtime(proof.at), "SHORT_DATE_FORMAT"),
    }
    item: dict[str, Any] = {"meta": added, "words": proof.words}
    if may_take_back:
        item["remove_url"] = reverse("workspace:remove_proof", args=[found.uid, proof.uid])
    if proof.document is not None:
        url = reverse("workspace:proof_document", args=[found.uid, proof.document.uid])
        return item | {"name": proof.document.name, "url": url}
    if proof.address:
        return item | {"name": proof.address, "url": proof.address, "is_address": True}
    return item | {"name": _("No document and no address"), "is_address": True}
