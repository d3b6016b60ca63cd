"""The sheets of a visit: their criteria, their rows, the results, and the rows in a workbook."""
