"""Problems of a file, as codes and as sentences, and the detection of personal data."""
