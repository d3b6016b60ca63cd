"""Write and read the payload of a stored scorecard: its inputs and its result."""

import json
from dataclasses import dataclass
from typing import Any

from evaluation.engine import scoring
from evaluation.models import Evaluation, Scorecard
from standards.framework import canonical, digest


@dataclass(frozen=True, slots=True)
class Payload:
    """The content of a stored scorecard."""

    evidence: scoring.Evidence
    card: scoring.Scorecard


def write_scorecard(evaluation: Evaluation, evidence: scoring.Evidence, card: scoring.Scorecard) -> Scorecard:
    """Return an unsaved scorecard row with a result and its inputs."""
    inputs = {
        "edition": evaluation.round.edition.sha256,
        "evaluation": str(evaluation.uid),
        "evidence": scoring.write_evidence(evidence),
    }
    payload = canonical(
        {
            "number": evaluation.scorecards.count() + 1,  # makes a repeated result unique
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
    """Return the inputs and the result of a stored scorecard."""
    data = json.loads(scorecard.payload)
    return Payload(_read_evidence(data), _read_card(data))


def read_result(scorecard: Scorecard) -> scoring.Scorecard:
    """Return the stored result of the engine."""
    return _read_card(json.loads(scorecard.payload))


def read_inputs(scorecard: Scorecard) -> scoring.Evidence:
    """Return the stored inputs."""
    return _read_evidence(json.loads(scorecard.payload))


def _read_card(data: dict[str, Any]) -> scoring.Scorecard:
    return scoring.read_scorecard(data["scorecard"])


def _read_evidence(data: dict[str, Any]) -> scoring.Evidence:
    return scoring.read_evidence(data["inputs"]["evidence"])
