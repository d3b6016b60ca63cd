"""The sheets of a visit: their criteria, their rows, what these come to, and the rows in a workbook."""
