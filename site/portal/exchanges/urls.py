"""URLs of visits between hotlines."""

from django.urls import path

from portal.exchanges import offers, pages, programme, requests

_ALL = "good-practice/visits/"
_ONE = f"{_ALL}<uuid:uid>/"

urlpatterns = [
    path(_ALL, pages.exchanges, name="exchanges"),
    path(f"{_ALL}programme/", programme.programme, name="exchange_programme"),
    path(f"{_ALL}offer/<str:code>/", offers.offer, name="host_offer"),
    path(f"{_ALL}offer/<str:code>/withdraw/", offers.withdraw, name="withdraw_host_offer"),
    path(f"{_ALL}request/<str:code>/<str:host>/", requests.request_visit, name="request_exchange"),
    path(_ONE, pages.exchange, name="exchange"),
    path(f"{_ONE}held/", pages.hold, name="hold_exchange"),
    path(f"{_ONE}move/<str:name>/", pages.make_move, name="move_exchange"),
]
