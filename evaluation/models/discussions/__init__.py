"""What the people of an evaluation tell each other: assignments of indicators, discussions and last visits."""
