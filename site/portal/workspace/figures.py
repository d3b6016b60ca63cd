"""Figures of a hotline: a file is read and checked as a whole, then confirmed by the hotline; then it counts."""

from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation import queries
from evaluation.crm.dictionary import NOT_APPLICABLE, code_name, example, items
from evaluation.crm.importing import UnreadableStatistics, confirm, import_statistics
from evaluation.crm.problems import Problem, words
from evaluation.models import HOTLINE_ROLES, Hotline, StatisticsImport
from evaluation.rules import is_allowed
from evaluation.workflow import move
from portal.workspace.doorway import find_hotline, find_statistics
from portal.workspace.moves import offered_moves, shown_steps, walk


class StatisticsForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_("A CSV file of totals in the format of the data dictionary. No names, no cases, no callers."),
        error_messages={"required": _("Choose the file that your system exported.")},
    )

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.size > settings.STATISTICS_MAX_BYTES:
            raise forms.ValidationError(
                _("The file is bigger than %(limit)s. A file of totals is small: check what was exported."),
                params={"limit": filesizeformat(settings.STATISTICS_MAX_BYTES)},
            )
        return upload


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The figures of the person's own hotline; who has several chooses."""
    hotlines = list(Hotline.objects.filter(pk__in=request.user.hotlines_as(*HOTLINE_ROLES)))
    if len(hotlines) == 1:
        return redirect("workspace:hotline_figures", hotlines[0].country)
    return render(request, "workspace/choose_hotline.html", {"hotlines": hotlines})


@require_http_methods(["GET", "HEAD", "POST"])
def of_hotline(request: HttpRequest, code: str) -> HttpResponse:
    hotline = find_hotline(request, code)
    form = StatisticsForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            kept = import_statistics(hotline, upload.read(), upload.name, by=request.user)
        except UnreadableStatistics as refused:
            problems = [words(problem) for problem in refused.problems]
        else:
            return HttpResponseRedirect(reverse("workspace:statistics", args=[kept.uid]))
    return render(
        request,
        "workspace/figures.html",
        {
            "hotline": hotline,
            "form": form,
            "problems": problems,
            "imports": StatisticsImport.objects.filter(hotline=hotline).select_related("uploaded_by"),
        },
        status=422 if problems or form.errors else 200,
    )


@require_safe
def statistics(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One file: what was read, what the checks noticed, every number."""
    found = find_statistics(request, uid)
    return render(
        request,
        "workspace/statistics.html",
        {
            "statistics": found,
            "hotline": found.hotline,
            "rows": [
                {
                    "figure": figure,
                    "is_not_applicable": figure.quality == NOT_APPLICABLE,
                    "name": items()[figure.item].name,
                    "part": ", ".join(
                        str(code_name(dimension, value))
                        for dimension, value in ((figure.dim1, figure.dim1_value), (figure.dim2, figure.dim2_value))
                        if value
                    ),
                }
                for figure in found.figures.all()
            ],
            "warnings": [words(Problem.from_data(warning)) for warning in found.warnings],
            "moves": offered_moves(found, request.user),
            "steps": shown_steps(queries.steps_of(found)),
            "may_confirm": is_allowed("statistics.confirm", request.user, found),
            "states": StatisticsImport.State,
        },
    )


@require_safe
def example_file(_request: HttpRequest) -> HttpResponse:
    """The published sample of the format, to start from."""
    response = HttpResponse(example(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="116000-example.csv"'
    return response


@require_POST
def make_move(request: HttpRequest, uid: UUID, name: str) -> HttpResponse:
    found = find_statistics(request, uid)

    def how(thing, name, *, by, note):
        return confirm(thing, by=by, note=note) if name == "confirm" else move(thing, name, by=by, note=note)

    return walk(request, found, name, back_to=reverse("workspace:statistics", args=[uid]), how=how)
