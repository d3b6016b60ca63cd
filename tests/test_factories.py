"""The factories: each makes its row, and the stories they lay out can be scored."""

import pytest

from evaluation.engine import scoring
from evaluation.judging import evidence as judging
from evaluation.models import Finding, Role
from tests import factories


@pytest.mark.django_db
def test_a_story_can_be_laid_out_and_scored():
    hotline = factories.HotlineFactory()
    evaluation = factories.evaluation_of(hotline)
    assert {(a.version, a.is_given) for a in evaluation.answers.all()} == {(0, False)}
    factories.write_all_answers(evaluation, 3, i1_1_2={"level": 1, "words": "Half of it."})
    factories.visit_of(evaluation, lead=factories.person(Role.ASSESSOR))
    factories.write_all_answers(evaluation, 2, Finding)
    factories.confirmed_figures(hotline, factories.GOOD_FIGURES)
    card = scoring.score(evaluation.framework, judging.gather_evidence(evaluation))
    levels = {code: indicator.level for code, indicator in card.indicators.items()}
    assert levels == {
        "1.1.1": 3, "1.1.2": 2, "1.2.1": 2, "3.1.1": 3, "3.1.3": None, "3.2.1": 2, "3.2.2": 2, "9.1.1": 3, "9.1.2": 2,
    }  # fmt: skip
    assert factories.scorecard_of(evaluation).proposal == card.proposal.outcome


@pytest.mark.django_db
def test_every_factory_makes_a_row():
    evaluation = factories.EvaluationFactory()
    card = factories.ScorecardFactory(evaluation=evaluation)
    decision = factories.DecisionFactory(scorecard=card)
    rows = [
        factories.StakeFactory(user=factories.UserFactory(), hotline=evaluation.hotline),
        factories.InvitationFactory(),
        factories.OperationFactory(),
        factories.EvidenceFactory(evaluation=evaluation),
        factories.EvidenceFactory(evaluation=evaluation, document=factories.DocumentFactory()),
        factories.StatisticsImportFactory(),
        factories.RecommendationFactory(evaluation=evaluation),
        factories.IssueFactory(decision=decision),
        factories.PrintingFactory(decision=decision),
    ]
    assert all(row.pk for row in rows)


@pytest.mark.django_db
def test_a_person_has_the_roles_asked_for():
    hotline = factories.HotlineFactory()
    user = factories.person(Role.COORDINATOR, Role.ASSESSOR, hotline=hotline)
    assert user.hotlines_as(Role.COORDINATOR) == {hotline.pk}
    assert (user.has_role(Role.ASSESSOR), user.has_role(Role.PANEL_MEMBER)) == (True, False)
