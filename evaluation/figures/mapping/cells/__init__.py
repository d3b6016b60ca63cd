"""The formats of an export's cells: dates, periods, numbers, and empty cells that repeat the cell above. Pure."""
