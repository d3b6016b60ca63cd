"""Every letter, including those of allauth: its subject and its body, with their placeholders."""

from portal.texts.letters import (
    accounts,
    accreditations,
    approvals,
    consultations,
    decisions,
    evaluations,
    figures,
    frame,
    learning,
    recommendations,
    rounds,
    teamwork,
    visits,
)
from reports.texts.declaration import declare

for group in (
    frame,
    rounds,
    evaluations,
    teamwork,
    visits,
    decisions,
    accreditations,
    recommendations,
    learning,
    figures,
    consultations,
    approvals,
    accounts,
):
    declare(group.TEXTS)
