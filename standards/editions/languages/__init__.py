"""An edition in other languages: how far each is, and the files of its translators."""
