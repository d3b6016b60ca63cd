"""The handbook next to the Guide: procedures for cross-border cooperation, a glossary, and a sheet for each country."""
