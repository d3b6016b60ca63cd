"""Previews of a draft standard or indicator as the hotline, the assessor and the reader of a report will see it."""
