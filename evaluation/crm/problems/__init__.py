"""What is wrong with a file, as codes and as sentences, and what keeps personal data out."""
