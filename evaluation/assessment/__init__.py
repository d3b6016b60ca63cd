"""From an opened round to the draft: answers, submission with its figures, response and replies."""
