"""The Guide of the demonstration beyond its edition: the handbook, and consultations on the next draft."""
