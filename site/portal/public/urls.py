"""URLs of the public pages, each under a language; all others are served by the CMS."""

from django.urls import path

from portal.public import accreditation, figures, guide, guide_changes, guide_pdf, handbook, hotlines, verify, why

app_name = "pages"
urlpatterns = [
    path("accreditation/", accreditation.accreditation, name="accreditation"),
    path("figures/", figures.figures, name="figures"),
    path("figures/published.<str:kind>", figures.published_file, name="published_file"),
    path("figures/<int:year>.<str:kind>", figures.network_file, name="network_file"),
    path("figures/<int:year>/release-<int:number>.json", figures.release_file, name="release_file"),
    path("guide/", guide.front, name="guide"),
    path("guide/<str:code>/", guide.edition, name="guide_edition"),
    path("guide/<str:code>/whole/", guide.whole, name="guide_whole"),
    path("guide/<str:code>/changes/", guide_changes.changes, name="guide_changes"),
    path("guide/<str:code>/pdf/", guide_pdf.progress, name="guide_pdf"),
    path("guide/<str:code>/whole.pdf", guide_pdf.file, name="guide_file"),
    path("guide/<str:code>/search/", guide.search, name="guide_search"),
    path("guide/<str:code>/<slug:domain>/", guide.domain, name="guide_domain"),
    path("guide/<str:code>/<str:part>/", guide.part, name="guide_part"),
    path("guide/<str:code>/<slug:domain>/<slug:standard>/", guide.standard, name="guide_standard"),
    path("handbook/", handbook.front, name="handbook"),
    path("handbook/glossary/", handbook.glossary, name="glossary"),
    path("handbook/glossary/<str:slug>/", handbook.term, name="term"),
    path("handbook/procedures/<str:slug>/", handbook.procedure, name="procedure"),
    path("handbook/good-practice/", handbook.practices, name="practices"),
    path("handbook/good-practice/<str:slug>/", handbook.practice, name="practice"),
    path("handbook/countries/<str:slug>/", handbook.country, name="country"),
    path("verify/", verify.verify, name="verify"),
    path("verify/<str:number>/", verify.verify, name="verify_number"),
    path("register/", hotlines.register, name="register"),
    path("register/hotlines.csv", hotlines.register_table, name="register_table"),
    path("register/<str:code>/", hotlines.hotline, name="hotline"),
    path("register/<str:code>/why/<path:number>/", why.why, name="why"),
    path("register/<str:code>/report/<uuid:uid>.pdf", hotlines.paper, name="paper"),
    path("register/<str:code>/result/<uuid:uid>.json", hotlines.result, name="result"),
]
