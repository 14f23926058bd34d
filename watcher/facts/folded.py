"""A text in its normal form that still knows where its characters stood."""

from dataclasses import dataclass

from watcher.text import normalize

_STEPS = (2_048, 128, 8, 1)  # characters counted at a time on the way to a place


@dataclass(frozen=True, slots=True)
class Folded:
    """`clean` is the normal form of `text`, from which readers may take more white space out.

    A normal form changes characters one for one, drops invisible ones and moves white space, so
    the n-th visible character of both is the same: that is how a place is found again.
    """

    text: str
    clean: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `clean[start:end]` stands in `text`; it must begin and end with visible characters."""
        first = _visible(self.clean[:start])
        last = first + _visible(self.clean[start:end]) - 1
        return self._place(first), self._place(last) + 1

    def _place(self, nth: int) -> int:
        at = 0
        for step in _STEPS:
            while (count := _visible(self.text[at : at + step])) <= nth:
                nth -= count
                at += step
                if at >= len(self.text):
                    raise IndexError(f"the text has no visible character {nth} behind its end")
        return at


def _visible(text: str) -> int:
    return len("".join(normalize(text).split()))
