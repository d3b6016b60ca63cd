"""The judgement of an evaluation: its evidence is scored, and the scorecard is stored and revised."""
