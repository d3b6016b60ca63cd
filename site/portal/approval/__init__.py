"""The approval of pages by Wagtail's workflow: a review by a guide editor, then MCE's approval by another person."""
