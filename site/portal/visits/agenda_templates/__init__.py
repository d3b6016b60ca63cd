"""Templates of the agendas of study visits."""
