"""Views for editors of the Guide: feedback on rules and bands while they are typed, and moving parts."""
