"""An edition as plain fields, half written or not: as a framework, and what is wrong with it."""
