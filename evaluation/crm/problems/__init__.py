"""Problems of a file, as codes and as sentences, and the screening for personal data."""
