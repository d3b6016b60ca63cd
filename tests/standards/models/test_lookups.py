"""Lookups that are done once inside a block that reads, and each time outside of it."""

from standards.models.lookups import cached_lookups, look_up


def test_a_look_up_is_kept_inside_the_block_only() -> None:
    asked: list[str] = []

    def ask(word: str) -> str | None:
        asked.append(word)
        return None

    look_up("a", lambda: ask("before"))
    with cached_lookups():
        for word in ("first", "second"):
            assert look_up("a", lambda word=word: ask(word)) is None
        look_up("b", lambda: ask("other"))
    look_up("a", lambda: ask("after"))
    assert asked == ["before", "first", "other", "after"]
