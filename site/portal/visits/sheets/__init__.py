"""The sheets of a visit, on pages: test contacts, live listening, file review, interviews."""
