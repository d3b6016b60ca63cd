"""URLs by area: product pages without a language prefix, public pages with one, the CMS apart."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.conf import settings
from django.contrib.sitemaps.views import sitemap
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import include, path, re_path, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from wagtail import urls as wagtail_urls
from wagtail import views as wagtail_views
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.models import Page

from portal import gallery
from portal.accounts import adapters, forms, invitations
from portal.api.statistics import api
from portal.cms import files as cms_files
from portal.cms import links as cms_links
from portal.cms import overview as guide_overview
from portal.cms.editors import moving
from portal.operations import health
from portal.public.sitemap import SITEMAPS, robots
from portal.requests import errors
from portal.requests.prefix import in_reading_language
from standards.presentation.reading_language import content_language

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken


@csrf_exempt  # it only redirects, whatever is sent to it
def to_our_sign_in(request: HttpRequest, **_: str) -> HttpResponse:
    """Redirect from a library's sign-in page, which requires no second factor, to ours."""
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    query = urlencode({"next": wanted if is_ours else reverse("workspace:home")})
    return redirect(f"{reverse('account_login')}?{query}")


def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve a page of the CMS in the language of its address, which the interface may not have."""
    with override(content_language()):
        Page.route_for_request(request, path)  # stores the page on the request
    response: HttpResponseBase = wagtail_views.serve(request, path)
    return response


def to_our_account(_request: HttpRequest) -> HttpResponse:
    """Redirect from Wagtail's account page, which has a picture and names of its own, to ours."""
    return redirect("workspace:account")


# The pages that invited users need. allauth's other pages (signing up, addresses, codes by mail) have no URL.
accounts_urls = [
    path("login/", account.login, name="account_login"),
    path("logout/", forms.sign_out, name="account_logout"),
    path("signup/", account.signup, name="account_signup"),  # explains that accounts are by invitation
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    path("password/reset/key/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("2fa/", mfa.index, name="mfa_index"),
    path("2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("invitation/<uuid:uid>/<str:token>/", invitations.accept, name="accept_invitation"),
]

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("robots.txt", robots, name="robots"),
    path("i18n/setlang/", adapters.set_language, name="set_language"),
    path("accounts/", include(accounts_urls)),
    path("work/", include("portal.workspace_urls")),
    path("api/v1/", api.urls),
    path("cms/login/", to_our_sign_in),
    re_path(r"^cms/password_reset/", to_our_sign_in),
    path("cms/account/", to_our_account, name="wagtailadmin_account"),
    path("cms/choose-external-link/", cms_links.choose_external_link, name="wagtailadmin_choose_page_external_link"),
    path("cms/files/<path:name>", cms_files.picture, name="cms_picture"),
    path("cms/pages/<int:page_to_move_id>/set_position/", moving.set_position),
    path("cms/pages/<int:page_to_move_id>/move/<int:destination_id>/confirm/", moving.confirm_move),
    path(
        "cms/bulk/wagtailcore/page/move/",
        moving.move_many,
        {"app_label": "wagtailcore", "model_name": "page", "action": "move"},
    ),
    path("cms/", guide_overview.home, name="wagtailadmin_home"),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/<int:document_id>/<path:document_filename>", cms_files.document, name="wagtaildocs_serve"),
]

if settings.DEBUG or settings.DEMONSTRATION:
    urlpatterns += [path("dev/components/", gallery.gallery, name="gallery")]

urlpatterns += in_reading_language(
    path("_util/login/", to_our_sign_in),
    path("", include("portal.public.urls")),
    path("", include(wagtail_urls.urlpatterns[:-1])),
    re_path(wagtail_urls.serve_pattern, serve, name="wagtail_serve"),  # replaces Wagtail's, the last of its patterns
)
