"""Every letter: its subject and its body, with the facts and links as placeholders."""

from portal.texts.letters import (
    accounts,
    accreditations,
    consultations,
    decisions,
    evaluations,
    figures,
    frame,
    recommendations,
    rounds,
    visits,
)
from reports.texts.declaration import declare

for group in (
    frame,
    rounds,
    evaluations,
    visits,
    decisions,
    accreditations,
    recommendations,
    figures,
    consultations,
    accounts,
):
    declare(group.TEXTS)
