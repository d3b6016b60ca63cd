"""URLs of visits between hotlines."""

from django.urls import path

from portal.workspace.exchange import offers, pages, programme, requests

_ONE = "exchange/<uuid:uid>/"

urlpatterns = [
    path("exchange/", pages.exchanges, name="exchanges"),
    path("exchange/programme/", programme.programme, name="exchange_programme"),
    path("exchange/offer/<str:code>/", offers.offer, name="host_offer"),
    path("exchange/offer/<str:code>/withdraw/", offers.withdraw, name="withdraw_host_offer"),
    path("exchange/request/<str:code>/<str:host>/", requests.request_visit, name="request_exchange"),
    path(_ONE, pages.exchange, name="exchange"),
    path(f"{_ONE}held/", pages.hold, name="hold_exchange"),
    path(f"{_ONE}move/<str:name>/", pages.make_move, name="move_exchange"),
]
