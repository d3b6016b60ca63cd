"""Reports: a composed document, and the PDF printed from it."""
