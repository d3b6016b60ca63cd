"""Findings that could not be observed: recorded with a reason, missing in the score, without effects elsewhere."""

from fractions import Fraction

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.engine.scoring import Evidence, Judgement, LevelBasis, read_evidence, score, write_evidence
from evaluation.judging.evidence import gather_evidence, gather_evidence_for_many
from evaluation.models import Evaluation, Finding, FindingVersion
from standards.framework import Source
from tests.bystander import new
from tests.evaluation.engine.scoring.shapes import asked, counted, framework_of, levels
from tests.factories import score_now
from tests.stage import Stage

pytestmark = pytest.mark.django_db


def test_it_is_recorded_with_a_reason_and_counts_as_missing(sign_in):
    stage = Stage.minimal("study_visit", visit_state="findings_entered")
    uid, framework = stage.evaluation.uid, stage.evaluation.framework
    code = next(i.code for i in framework.indicators.values() if i.source is Source.VISIT and i.is_scored)
    standard = framework.standard_of[code].code
    page, visit = reverse("workspace:findings", args=[uid, standard]), reverse("workspace:visit", args=[uid])
    client = sign_in(Client(), stage.people.lead)
    assert 'value="unseen"' in client.get(page).content.decode()
    save = reverse("workspace:save_finding", args=[uid, standard, code])
    finding = Finding.objects.get(evaluation=stage.evaluation, code=code)
    client.post(save, {"level": "unseen", "words": "", "version": str(finding.version)})
    finding.refresh_from_db()
    assert (finding.not_seen, finding.level, finding.value) == (True, None, None)
    assert FindingVersion.objects.get(evaluation_id=stage.evaluation.pk, code=code, version=finding.version).not_seen
    assert f'<a class="num" href="{page}#i{code}">{code}</a>' in client.get(visit).content.decode()
    words = "The files were with the prosecutor."
    client.post(save, {"level": "unseen", "words": words, "version": str(finding.version)})
    assert "could not be looked at" in client.get(page).content.decode().lower()
    client.post(reverse("workspace:move_visit", args=[uid, "sign_off"]))
    evaluation = new(Evaluation).get()
    assert evaluation.state == "report"
    found = score_now(evaluation).indicators[code]
    assert (found.basis, found.level, found.is_missing, found.counts) == (LevelBasis.NOT_SEEN, None, True, True)
    assert (
        gather_evidence_for_many([evaluation])[evaluation.pk].findings[code]
        == gather_evidence(evaluation).findings[code]
    )
    why = client.get(reverse("workspace:why", args=[uid, code])).content.decode()
    assert "the assessors to see it, and they could not" in why
    assert words in why


def test_a_hotline_cannot_say_so_of_itself(sign_in):
    stage = Stage.minimal("self_assessment")
    save = reverse("workspace:save_answer", args=[stage.evaluation.uid, "1.1", "1.1.2"])
    answer = sign_in(Client(), stage.coordinator).post(save, {"level": "unseen", "words": "", "version": "1"})
    assert answer.status_code == 422


def test_the_engine_takes_it_as_missing_where_eyes_are_asked_for_and_ignores_it_elsewhere():
    unseen = {"1.1.1": Judgement(not_seen=True)}

    def score_alone(indicator, evidence):
        return score(framework_of([[indicator]]), evidence).indicators["1.1.1"]

    found = score_alone(asked("1.1.1", source=Source.VISIT), Evidence(levels(i1_1_1=3), unseen))
    assert (found.basis, found.level, found.points) == (LevelBasis.NOT_SEEN, None, 0)
    figures = {"A04": Fraction(85), "A03": Fraction(100)}
    found = score_alone(counted("1.1.1"), Evidence(findings=unseen, figures=figures))
    assert (found.basis, found.level) == (LevelBasis.FIGURES, 2)
    evidence = Evidence(findings=unseen)
    assert read_evidence(write_evidence(evidence)) == evidence
