"""Editions: read from files and pages, written into files, released, worded in further languages."""
