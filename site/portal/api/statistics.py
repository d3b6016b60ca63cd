"""The API for a hotline's case system: it sends a file in its own format, and polls for the result."""

from collections.abc import Iterator
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, P, QueryEx, Status
from ninja.errors import AuthenticationError, Throttled, ValidationError

from evaluation.figures.formats import Source
from evaluation.figures.intake.api_keys import is_working
from evaluation.figures.intake.dry_run import UnmatchedColumns, UnreadableStatistics, check_file
from evaluation.figures.intake.imports import limits
from evaluation.figures.intake.spool import Spooled, TooLarge, spool
from evaluation.figures.intake.worker import queue_file
from evaluation.models import StatisticsImport, SystemKey
from evaluation.workflow import Refusal
from portal.api.answers import Delivery, DryRun, Page, Refused, Remark, delivery, dry_run_of
from portal.api.authentication import ASKED_AN_HOUR, SENT_AN_HOUR, ByKey, Denial, KeyedRequest, PerKey, unknown_key

BLOCK = 256 * 1024
ON_A_PAGE = 50

NOT_A_FILE = ("multipart/form-data", "application/x-www-form-urlencoded")
"""Content types that wrap a file. Other declared types are ignored: the content is inspected."""

api = NinjaAPI(
    title="116 000 Quality: case statistics",
    version="1",
    description=(
        "Sends the figures of a hotline from its case system. The body of the request is the file itself, as it was "
        "exported: CSV, XLSX, ODS or JSON, in the format of the data dictionary or in columns that the hotline has "
        "matched on the site. The same file twice gives the same answer. Nothing counts until a person of the hotline "
        "confirms it."
    ),
    urls_namespace="api",
    docs_url=None,
    auth=ByKey(),
)


@api.post(
    "/statistics/",
    response={
        200: Delivery | DryRun,
        202: Delivery,
        422: DryRun,
        **dict.fromkeys((401, 403, 411, 413, 415, 429), Refused),
    },
    throttle=PerKey("sent", SENT_AN_HOUR),
    summary="Send a file of figures",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                kind: {"schema": {"type": "string", "format": "binary"}}
                for kind in (
                    "text/csv",
                    "application/json",
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                    "application/vnd.oasis.opendocument.spreadsheet",
                    "application/octet-stream",
                )
            },
        }
    },
)
def send(
    request: KeyedRequest,
    response: HttpResponse,
    name: QueryEx[str, P(max_length=200, description="The name of the file; its ending helps to read it.")] = "",
    dry_run: QueryEx[bool, P(description="Only say what would come of it; nothing is kept.")] = False,
) -> Status[DryRun] | Status[Delivery]:
    """202 for a new file, which is read in the background: ask its `status_url`. 200 for one that is here already."""
    key = request.auth
    name = name or "statistics"
    spooled = _spool_body(request)
    if not is_working(key):
        spooled.remove()
        raise unknown_key()
    if dry_run:
        try:
            return _try_out(key, spooled, name)
        finally:
            spooled.remove()
    try:
        statistics, is_new = queue_file(key.hotline, spooled, name, by=None, way=StatisticsImport.Way.API)
    except Refusal as refusal:
        raise Denial(
            429, "too_many_waiting", _("Too many files of this hotline are waiting. Try again later.")
        ) from refusal
    if is_new:
        statistics.refresh_from_db()
    answer = _described(request, statistics)
    response.headers["Location"] = answer.status_url
    return Status(202 if is_new else 200, answer)


@api.get(
    "/statistics/",
    response={200: Page, 401: Refused, 429: Refused},
    throttle=PerKey("asked", ASKED_AN_HOUR),
    summary="The files of the hotline, the latest first",
)
def listed(request: KeyedRequest, page: QueryEx[int, P(ge=1)] = 1) -> Page:
    found = StatisticsImport.objects.filter(hotline=request.auth.hotline).defer("draft").order_by("-uploaded_at", "-pk")
    paginator = Paginator(found, ON_A_PAGE)
    here = paginator.get_page(page)
    return Page(
        count=paginator.count,
        page=here.number,
        pages=paginator.num_pages,
        results=[_described(request, statistics) for statistics in here],
    )


@api.get(
    "/statistics/{uuid:uid}/",
    response={200: Delivery, **dict.fromkeys((401, 404, 429), Refused)},
    throttle=PerKey("asked", ASKED_AN_HOUR),
    summary="Where a file stands",
)
def status(request: KeyedRequest, uid: UUID) -> Delivery:
    own = StatisticsImport.objects.filter(hotline=request.auth.hotline).defer("draft")
    return _described(request, get_object_or_404(own, uid=uid))


def _spool_body(request: HttpRequest) -> Spooled:
    """Write the body to the spool, encrypted as it arrives."""
    limit = settings.STATISTICS_MAX_BYTES
    if request.content_type in NOT_A_FILE:
        raise Denial(
            415, "not_a_file", _("Send the file itself as the body of the request, with its kind as Content-Type.")
        )
    if "Content-Length" not in request.headers and "Transfer-Encoding" in request.headers:
        # such a body would be read as empty
        raise Denial(411, "length_missing", _("Say with Content-Length how long the file is; parts are not read."))
    too_large = Denial(
        413,
        "too_large",
        _("The file is bigger than %(limit)s. Send shorter periods, or totals instead of records.")
        % {"limit": filesizeformat(limit)},
    )
    if int(request.headers.get("Content-Length") or 0) > limit:
        raise too_large
    try:
        spooled = spool(_blocks(request), limit)
    except TooLarge:
        spooled = None
    if spooled is None:
        raise too_large
    return spooled


def _blocks(request: HttpRequest) -> Iterator[bytes]:
    while block := request.read(BLOCK):
        yield block


def _try_out(key: SystemKey, spooled: Spooled, name: str) -> Status[DryRun]:
    problems: tuple[Remark, ...] = ()
    with spooled.open() as file:
        try:
            checked_file = check_file(key.hotline, Source(file, name, spooled.size), limits=limits(in_web_process=True))
            return Status(200, dry_run_of(checked_file, spooled.digest))
        except UnreadableStatistics as unreadable:
            problems = tuple(Remark.of(problem) for problem in unreadable.problems)
        except UnmatchedColumns:
            pass
    answer = DryRun(is_taken=False, file_sha256=spooled.digest, columns_unknown=not problems, problems=list(problems))
    return Status(422, answer)


def _described(request: HttpRequest, statistics: StatisticsImport) -> Delivery:
    return delivery(
        statistics,
        status_url=request.build_absolute_uri(reverse("api:status", args=[statistics.uid])),
        page_url=request.build_absolute_uri(reverse("workspace:statistics", args=[statistics.uid])),
    )


# --- Errors -----------------------------------------------------------------------------------------------------------


def _refuse(request: HttpRequest, status: int, code: str, sentence: str) -> HttpResponse:
    answer = api.create_response(request, {"code": code, "sentence": sentence}, status=status)
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="116000"'
    return answer


@api.exception_handler(Denial)
def denied(request: HttpRequest, denial: Denial) -> HttpResponse:
    return _refuse(request, denial.status, denial.code, denial.sentence)


@api.exception_handler(AuthenticationError)
def key_missing(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    return _refuse(
        request, 401, "key_missing", _("Send the key of your system, as “Authorization: Bearer” and its token.")
    )


@api.exception_handler(Http404)
def not_found(request: HttpRequest, _error: Http404) -> HttpResponse:
    return _refuse(request, 404, "not_there", _("This hotline has no such file."))


@api.exception_handler(Throttled)
def throttled(request: HttpRequest, throttled: Throttled) -> HttpResponse:
    answer = _refuse(request, 429, "too_often", _("This key was used too often. Wait a while and try again."))
    if throttled.wait:
        answer.headers["Retry-After"] = str(int(throttled.wait) + 1)
    return answer


@api.exception_handler(ValidationError)
def invalid_request(request: HttpRequest, error: ValidationError) -> HttpResponse:
    names = sorted({str(wrong["loc"][-1]) for wrong in error.errors})
    return _refuse(
        request,
        422,
        "not_understood",
        _("These parts of the address cannot be understood: %(names)s.") % {"names": ", ".join(names)},
    )
