"""Figures of a hotline: the list of its files, and the upload of a new one."""

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.figures.dictionary.items import example_of
from evaluation.figures.intake.worker import queue_file
from evaluation.models import HOTLINE_ROLES, Hotline, StatisticsImport
from evaluation.models.people.permissions import is_allowed
from evaluation.workflow import Refusal
from portal.access import find_hotline
from portal.figures.mapping.saved_mappings import shown_matchings
from portal.presentation.reasons import show_reason
from portal.requests.bodies import check_right_before_body, longest_figures
from portal.requests.signed_in import SignedInRequest
from portal.requests.uploads import spool_uploads

ON_A_PAGE = 25
ORDERS = {
    "period": ("-period_end", "-uploaded_at"),
    "sent": ("-uploaded_at",),
    "name": ("file_name", "-uploaded_at"),
}


class StatisticsForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_(
            "CSV, Excel (XLSX), OpenDocument (ODS) or JSON: the published format, or your own system's export. "
            "No names, no telephone numbers, no free text."
        ),
        error_messages={"required": _("Choose the file that your system exported.")},
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        if (upload.size or 0) > settings.STATISTICS_MAX_BYTES:
            raise forms.ValidationError(
                _("The file is bigger than %(limit)s. Send shorter periods, or totals instead of records."),
                params={"limit": filesizeformat(settings.STATISTICS_MAX_BYTES)},
            )
        return upload


@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """Redirect to the figures of the user's hotline; a user with several chooses one."""
    hotlines = list(Hotline.objects.filter(pk__in=request.user.hotlines_as(*HOTLINE_ROLES)))
    if len(hotlines) == 1:
        return redirect("workspace:hotline_figures", hotlines[0].country)
    return render(request, "people/choose_hotline.html", {"hotlines": hotlines})


@check_right_before_body(find_hotline, longest_figures)
@spool_uploads
@require_http_methods(["GET", "HEAD", "POST"])
def of_hotline(request: SignedInRequest, code: str) -> HttpResponse:
    hotline = find_hotline(request, code)
    form = StatisticsForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        way = StatisticsImport.Way.UPLOAD
        try:
            statistics, _is_new = queue_file(hotline, upload.release(), upload.name, by=request.user, way=way)
        except Refusal as refusal:
            form.add_error("file", [show_reason(reason).sentence for reason in refusal.reasons])
        else:
            return redirect("workspace:statistics", statistics.uid)
    state, order, words = (request.GET.get(name, "").strip() for name in ("state", "order", "q"))
    listed = StatisticsImport.objects.filter(hotline=hotline).select_related("uploaded_by").defer("draft")
    if state in StatisticsImport.State.values:
        listed = listed.filter(state=state)
    if words:
        listed = listed.filter(file_name__icontains=words)
    listed = listed.order_by(*ORDERS.get(order, ORDERS["period"]), "pk")
    page = Paginator(listed, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "figures/figures.html",
        {
            "hotline": hotline,
            "form": form,
            "page": page,
            "state": state,
            "order": order,
            "words": words,
            "states": StatisticsImport.State.choices,
            "has_files": bool(page.paginator.count or state or words),
            "may_connect": is_allowed("statistics.connect", request.user, hotline),
            "matchings": shown_matchings(hotline),
            "may_match": is_allowed("statistics.import", request.user, hotline),
        },
        status=422 if form.errors else 200,
    )


@require_safe
def example_file(_request: SignedInRequest, level: str = StatisticsImport.Level.AGGREGATE) -> HttpResponse:
    """Return the published example file of a level."""
    if level not in StatisticsImport.Level.values:
        raise Http404
    name = "116000-example.csv" if level == StatisticsImport.Level.AGGREGATE else f"116000-example-{level}.csv"
    response = HttpResponse(example_of(level), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
