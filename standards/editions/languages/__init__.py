"""An edition in other languages: the progress and the review of translations, and files for translators."""
