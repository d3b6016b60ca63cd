"""Kept scorecards, read back as the engine's own values."""

import json

from evaluation import scoring
from evaluation.models import Scorecard


def read_kept(scorecard: Scorecard) -> scoring.Scorecard:
    """The engine's result as it was kept."""
    return scoring.read_scorecard(json.loads(scorecard.payload)["scorecard"])


def read_inputs(scorecard: Scorecard) -> scoring.Evidence:
    """What went in, as it was kept."""
    return scoring.read_evidence(json.loads(scorecard.payload)["inputs"]["evidence"])
