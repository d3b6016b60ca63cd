"""Measurements of comparable systems on two cores: medians, warm, in process, about 10,000 answers.

RDMO 2.5.0 with a catalogue of 137 questions, CISO Assistant v3.20.8 with 123 requirements, Hypha 6.7.0 on PostgreSQL.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Peer:
    what: str
    sqlite: float
    postgresql: float


PEERS = {
    "migration of an empty database": Peer("the quickest of three peers", 65_000, 65_000),
    "open a round of 30 hotlines": Peer("CISO Assistant, 30 audits (1,740 queries)", 2_295, 3_396),
    "save one answer": Peer("RDMO, update an answer (6 queries)", 8.2, 19.6),
    "questionnaire page, one standard": Peer("RDMO, first page (25 queries)", 76.5, 95),
    "overall score, from the database": Peer("CISO Assistant, global score (2 queries)", 13.9, 15.8),
    "submit a self-assessment": Peer("Hypha, a bare transition (2 queries)", 1.8, 1.8),
    "send a self-assessment back": Peer("Hypha, a bare transition (2 queries)", 1.8, 1.8),
    "report as PDF, the first of a worker": Peer("CISO Assistant, Word report (580 queries)", 2_170, 2_392),
    "report as PDF, the worker's next ones": Peer("CISO Assistant, Word report (580 queries)", 2_170, 2_392),
}
"""The measurements by our operation.

Peers do not always do as much: Hypha's transition has no log and no conditions.
"""
