"""An edition as one file: its download, and loading an edited file."""
