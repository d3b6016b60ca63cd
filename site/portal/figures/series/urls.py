"""URLs of the pages of series."""

from django.urls import path

from portal.figures.series import comparison, deliveries, hotline, item, network, recording, releases

urlpatterns = [
    path("figures/of/<str:code>/trends/", hotline.trends, name="hotline_trends"),
    path("figures/of/<str:code>/trends.<str:wanted>", hotline.trends_table, name="hotline_trends_table"),
    path("figures/network/", deliveries.deliveries, name="statistics_network"),
    path("figures/network/comparison/", comparison.comparison, name="statistics_comparison"),
    path("figures/network/recorded/", recording.recording, name="statistics_recorded"),
    path("figures/network/trends/", network.network_trends, name="statistics_trends"),
    path("figures/network/public/", releases.releases, name="network_releases"),
    path("figures/network/public/<int:year>/", releases.release_of_year, name="network_release"),
    path("figures/network/public/<int:year>/again/", releases.compute_again, name="compute_network_year_again"),
    path("figures/network/public/<int:year>/publish/", releases.publish_year, name="publish_network_year"),
    path("figures/network/public/<int:year>/move/<str:name>/", releases.move_year, name="move_network_year"),
    path("figures/network/<str:part>.<str:wanted>", network.network_table, name="statistics_network_table"),
    path("figures/of/<str:code>/items/<str:item>/", item.item, name="hotline_item"),
]
