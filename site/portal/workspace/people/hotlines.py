"""The directory for MCE: the hotlines, their operators, people and rounds."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluation import queries
from evaluation.models import Evaluation, Hotline
from portal.presentation.form_values import read_words
from portal.workspace.access import find_hotline, require
from portal.workspace.requests import SignedInRequest


@require_safe
def hotlines(request: SignedInRequest) -> HttpResponse:
    require(request, "people.invite")
    wanted = read_words(request.GET, "q").strip()
    listed = queries.with_operators(Hotline.objects.all())
    if wanted:
        listed = listed.filter(
            Q(pk__in=Hotline.objects.named(wanted))
            | Q(country__iexact=wanted)
            | Q(operations__operator__name__icontains=wanted, operations__is_current=True)
        ).distinct()
    page = Paginator(listed, 25).get_page(request.GET.get("page"))
    return render(request, "workspace/people/hotlines.html", {"page": page, "wanted": wanted})


@require_safe
def hotline(request: SignedInRequest, code: str) -> HttpResponse:
    found = find_hotline(request, code)
    return render(
        request,
        "workspace/people/hotline.html",
        {
            "hotline": found,
            "operations": found.operations.select_related("operator"),
            "people": found.memberships.today().select_related("user").order_by("user__name"),
            "evaluations": Evaluation.objects.filter(hotline=found).select_related("round"),
        },
    )
