"""Within a GET request of the CMS, look-ups that many pages of the Guide repeat, such as `is it released`, run once."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from standards.models.lookups import cached_lookups


class LookupsMiddleware:
    """Keeps the look-ups of a GET under `/cms/`, so that a listing of 100 indicators takes the queries of one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "GET" or not request.path_info.startswith("/cms/"):
            return self.get_response(request)
        with cached_lookups():
            return self.get_response(request)
