"""The content of a response, drafted or submitted, and of the assessors' replies, by indicator."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from evaluation.judging.revision import Change, find_changed_findings
from evaluation.models import DraftRemark, Evaluation, RemarkProof, Reply, Response, Scorecard
from evaluation.response.replies import replies_to, response_to
from evaluation.response.response import accepted_codes, drafted_proofs, drafted_remarks


@dataclass(frozen=True, slots=True)
class ResponseContent:
    """The content of a submitted response with its replies, or of a draft."""

    response: Response | None = None
    remarks: Mapping[str, str] = field(default_factory=dict)
    accepted: Collection[str] = ()
    proofs: Mapping[str, Iterable[RemarkProof]] = field(default_factory=dict)
    drafts: Mapping[str, DraftRemark] = field(default_factory=dict)
    replies: Mapping[str, Reply] = field(default_factory=dict)
    """The replies that are handed to the panel."""
    changes: Mapping[str, Change] = field(default_factory=dict)
    """The findings that the replies changed."""


def read_response(scorecard: Scorecard | None) -> ResponseContent:
    """Return the response to a scorecard, or to the scorecard that it revises."""
    given = response_to(scorecard)
    if given is None:
        return ResponseContent()
    remarks = given.remarks.all()
    return ResponseContent(
        response=given,
        remarks={remark.code: remark.words for remark in remarks},
        accepted=given.accepted,
        proofs={remark.code: remark.proofs.all() for remark in remarks},
        replies=replies_to(given),
        changes=find_changed_findings(scorecard),
    )


def read_draft(evaluation: Evaluation) -> ResponseContent:
    """Return the hotline's drafted response."""
    return ResponseContent(
        accepted=accepted_codes(evaluation),
        proofs=drafted_proofs(evaluation),
        drafts=drafted_remarks(evaluation),
    )


def show_remark_proofs(
    evaluation: Evaluation, proofs: Iterable[RemarkProof], *, may_remove: bool = False
) -> list[dict[str, Any]]:
    """Return the documents and addresses of remarks for the evidence component."""
    return [_show_proof(evaluation, proof, may_remove=may_remove) for proof in proofs]


def _show_proof(evaluation: Evaluation, proof: RemarkProof, *, may_remove: bool) -> dict[str, Any]:
    item: dict[str, Any] = {"meta": date_format(timezone.localtime(proof.at), "SHORT_DATE_FORMAT")}
    if may_remove:
        item["remove_url"] = reverse("workspace:remove_remark_proof", args=[evaluation.uid, proof.uid])
    if proof.document is None:
        return item | {"name": proof.address, "url": proof.address, "is_address": True}
    url = reverse("workspace:document", args=[evaluation.uid, proof.document.uid])
    return item | {"name": proof.document.name, "url": url}
