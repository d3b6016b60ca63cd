"""How accreditation works: a page whose texts Missing Children Europe edits."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def accreditation(request: HttpRequest) -> HttpResponse:
    return render(request, "public/accreditation.html")
