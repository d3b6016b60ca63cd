"""How things are shown wherever they are: numbers, moments, tables, indicators. No view."""
