"""From an opened round to the answered draft: answers, submission with its figures, response and replies."""
