"""URLs of figures: files, their columns, corrections, series."""

from django.urls import path

from portal.figures import corrections, file, pages
from portal.figures.mapping import pages as mapping
from portal.figures.mapping import saved_mappings, sums, table_layout
from portal.figures.series import urls as series

urlpatterns = [
    path("figures/", pages.mine, name="figures"),
    path("figures/of/<str:code>/", pages.of_hotline, name="hotline_figures"),
    path("figures/example.csv", pages.example_file, name="example_file"),
    path("figures/example-<str:level>.csv", pages.example_file, name="example_records"),
    path("figures/<uuid:uid>/", file.statistics, name="statistics"),
    path("figures/<uuid:uid>/columns/", mapping.match_columns, name="match_columns"),
    path("figures/<uuid:uid>/columns/sums/", sums.add_up_choices, name="add_up_choices"),
    path("figures/<uuid:uid>/table/", table_layout.choose_table, name="choose_table"),
    path("figures/of/<str:code>/forget/<int:pk>/", saved_mappings.forget_matching, name="forget_matching"),
    path("figures/<uuid:uid>/undo/", file.undo, name="undo_statistics"),
    path("figures/<uuid:uid>/explain/", file.explain_warnings, name="explain_statistics"),
    path("figures/<uuid:uid>/move/<str:name>/", file.make_move, name="move_statistics"),
    *corrections.urlpatterns,
    *series.urlpatterns,
]
