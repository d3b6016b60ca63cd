"""The text of a kept scorecard: what went in and what the engine computed, written and read in one place."""

import json
from dataclasses import dataclass
from typing import Any

from evaluation import scoring
from evaluation.models import Evaluation, Scorecard
from standards.framework import canonical, digest


@dataclass(frozen=True, slots=True)
class Payload:
    """What a kept scorecard holds."""

    evidence: scoring.Evidence
    card: scoring.Scorecard


def write_scorecard(evaluation: Evaluation, evidence: scoring.Evidence, card: scoring.Scorecard) -> Scorecard:
    """The row that keeps a result with everything that went in. It is not saved."""
    inputs = {
        "edition": evaluation.round.edition.sha256,
        "evaluation": str(evaluation.uid),
        "evidence": scoring.write_evidence(evidence),
    }
    payload = canonical(
        {
            "number": evaluation.scorecards.count() + 1,  # so that an earlier result may come back
            "inputs": inputs,
            "scorecard": scoring.write_scorecard(card),
        }
    )
    return Scorecard(
        evaluation=evaluation,
        payload=payload,
        sha256=digest(payload),
        input_digest=digest(canonical(inputs)),
        engine=card.engine,
        proposal=card.proposal.outcome,
        overall_tenths=scoring.as_tenths(card.overall),
    )


def read_payload(scorecard: Scorecard) -> Payload:
    """What went in and what was computed, as they were kept."""
    data = json.loads(scorecard.payload)
    return Payload(_read_evidence(data), _read_card(data))


def read_kept(scorecard: Scorecard) -> scoring.Scorecard:
    """The engine's result as it was kept."""
    return _read_card(json.loads(scorecard.payload))


def read_inputs(scorecard: Scorecard) -> scoring.Evidence:
    """What went in, as it was kept."""
    return _read_evidence(json.loads(scorecard.payload))


def _read_card(data: dict[str, Any]) -> scoring.Scorecard:
    return scoring.read_scorecard(data["scorecard"])


def _read_evidence(data: dict[str, Any]) -> scoring.Evidence:
    return scoring.read_evidence(data["inputs"]["evidence"])
