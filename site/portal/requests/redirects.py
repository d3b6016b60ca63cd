"""Redirect GET requests for URLs that accept only POST to the page of their form."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse


def redirect_get_to_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view: a GET or HEAD that it does not allow, such as after a sign-in, redirects to the page above."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponseNotAllowed) and request.method in ("GET", "HEAD"):
            return HttpResponseRedirect(page_above(request.path_info))
        return response

    return answer


def page_above(path: str) -> str:
    """Return the nearest existing path above this one; Home if there is none."""
    while path.strip("/"):
        path = f"{path.rstrip('/').rpartition('/')[0]}/"
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return reverse("workspace:home")
