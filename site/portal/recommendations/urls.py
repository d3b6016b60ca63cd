"""URLs of recommendations, below those of the workspace."""

from django.urls import path

from portal.recommendations import actions, drafts, network, plan, proofs

urlpatterns = [
    path("evaluations/<uuid:uid>/recommendations/", drafts.recommendations, name="recommendations"),
    path("evaluations/<uuid:uid>/recommendations/draft/", drafts.draft, name="draft_recommendations"),
    path("evaluations/<uuid:uid>/plan/", plan.plan, name="plan"),
    path("recommendations/<uuid:uid>/", actions.recommendation, name="recommendation"),
    path("recommendations/<uuid:uid>/edit/", drafts.edit, name="edit_recommendation"),
    path("recommendations/<uuid:uid>/settle/", drafts.settle, name="settle_draft"),
    path("recommendations/<uuid:uid>/move/<str:name>/", actions.make_move, name="move_recommendation"),
    path("recommendations/<uuid:uid>/owner/", actions.name_owner, name="name_owner"),
    path("recommendations/<uuid:uid>/practices/", actions.share, name="lend_practices"),
    path("recommendations/<uuid:uid>/proofs/", proofs.add, name="add_proof"),
    path("recommendations/<uuid:uid>/proofs/uploads/", proofs.begin, name="begin_proof"),
    path("recommendations/<uuid:uid>/proofs/uploads/<uuid:upload>/", proofs.receive, name="receive_proof"),
    path("recommendations/<uuid:uid>/proofs/<uuid:proof>/remove/", proofs.remove, name="remove_proof"),
    path("recommendations/<uuid:uid>/documents/<uuid:document>/", proofs.download, name="proof_document"),
    path("network/recommendations/", network.network, name="network"),
    path("network/recommendations.csv", network.table, name="network_table"),
    path("network/recommendations/<str:key>/", network.indicator, name="network_indicator"),
]
