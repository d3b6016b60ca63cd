"""The version of the network's figures: what is computed from them is kept for as long as it stays the same."""

from typing import Any

from django.db.models import Count, Max, Sum
from django.utils.translation import get_language

from evaluation.crm.counting import find_framework_in_force
from evaluation.models import Hotline, StatisticsImport, Step
from portal.workspace.looking.deliveries import Wanted


def version_of_figures(wanted: Wanted) -> list[Any]:
    """Changes as soon as a file counts, counts no more or is accepted, or a hotline comes."""
    files = StatisticsImport.objects.filter(hotline__is_invented=wanted.is_invented).order_by().values("state")
    hotlines = Hotline.objects.filter(is_invented=wanted.is_invented).aggregate(Count("pk"), Max("pk"))
    framework = find_framework_in_force()
    return [
        *(get_language(), wanted.is_invented, hotlines, framework.digest if framework else ""),
        Step.objects.filter(kind=StatisticsImport.kind).order_by().count(),
        # PostgreSQL adds up keys as decimals
        sorted([state, count, int(keys)] for state, count, keys in files.values_list("state", Count("pk"), Sum("pk"))),
    ]
