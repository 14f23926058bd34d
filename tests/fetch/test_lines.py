"""Lines: lent to one thread at a time, kept while they are used, and not without end."""

from watcher.fetch.guard import Guard
from watcher.fetch.lines import IDLE_LINES, Line, Lines, Origin


def origin(n: int) -> Origin:
    return Origin("http", f"ministry-{n}.test", 80, "default")


def test_a_line_is_lent_to_one_thread_at_a_time() -> None:
    lines = Lines(Guard(), None)
    first, second = lines.borrow(origin(1)), lines.borrow(origin(1))
    assert first is not second
    lines.give_back(first, sound=True)
    assert lines.borrow(origin(2)) is not first
    assert lines.borrow(origin(1)) is first


def test_a_line_that_failed_is_not_used_again() -> None:
    lines = Lines(Guard(), None)
    line = lines.borrow(origin(1))
    lines.give_back(line, sound=False)
    assert lines.borrow(origin(1)) is not line


def test_the_least_recently_used_line_goes_first() -> None:
    lines = Lines(Guard(), None)

    def visit(n: int) -> Line:
        line = lines.borrow(origin(n))
        lines.give_back(line, sound=True)
        return line

    kept = [visit(n) for n in range(IDLE_LINES)]
    assert visit(0) is kept[0]
    visit(IDLE_LINES)  # one too many: the line of 1 has rested longest
    assert visit(0) is kept[0]
    assert visit(1) is not kept[1]
