"""How the cells of an export are written: dates, periods, numbers, blanks that repeat the cell above. Pure."""
