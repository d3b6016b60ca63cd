"""Charts by matplotlib as SVG: the scores of a report, and figures as lines over time or as bars on a page."""
