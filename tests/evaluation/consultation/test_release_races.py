"""A consultation that is prepared or opened while its edition is released, on both databases."""

from functools import partial

import pytest

from evaluation.consultation.moves import prepare_consultation
from evaluation.models import Consultation, Role, Step
from evaluation.models.reasons import Reason
from evaluation.workflow import perform
from standards.editions.release import release
from standards.models import Edition, EditionPage
from tests.evaluation.workflow.racing import save_during
from tests.factories import ConsultationFactory, HotlineFactory, person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def loaded(transactional_db: None) -> EditionPage:
    """Return the pages of the small edition, a draft: a scene."""
    return EditionPage.objects.get()


@pytest.mark.parametrize("opens_first", [False, True])
def test_a_consultation_opens_before_the_release_of_its_edition_or_not_at_all(loaded: EditionPage, opens_first: bool):
    """The release ends what it finds: nothing is prepared or opened beside it that nobody would close."""
    hotline = HotlineFactory()
    planned = ConsultationFactory(page=loaded)
    planned.hotlines.add(hotline)
    open_it = partial(perform, Consultation.objects.get(pk=planned.pk), "open", by=None)
    if opens_first:
        opened, edition = save_during(open_it, partial(release, loaded))
        assert (type(opened), type(edition)) == (Step, Edition)
        assert Consultation.objects.get(pk=planned.pk).is_closed
    else:
        edition, opened = save_during(partial(release, loaded), open_it)
        assert (type(edition), opened.reasons) == (Edition, (Reason("consultation_is_gone"),))
        assert not Consultation.objects.exists()


def test_a_consultation_that_is_prepared_during_a_release_is_refused(loaded: EditionPage):
    mce, hotline = person(Role.MCE_COORDINATOR), HotlineFactory()
    planned = ConsultationFactory.build(page=loaded)
    edition, prepared = save_during(
        partial(release, loaded), partial(prepare_consultation, planned, [hotline], [], by=mce)
    )
    assert (type(edition), prepared.reasons) == (
        Edition,
        (Reason("edition_is_no_draft", names=(loaded.code,)),),
    )
    assert not Consultation.objects.exists()
