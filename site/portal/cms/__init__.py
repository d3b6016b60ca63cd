"""What Wagtail may do here: its pages, documents, pictures, and the Guide in it."""
