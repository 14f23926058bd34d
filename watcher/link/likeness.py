"""How much of one text stands in another: what decides where titles alone cannot. Pure."""

import hashlib
import re

from watcher.text import letters, normalize

NEARLY_ALL, SAME, AKIN, OTHER = 0.75, 0.5, 0.3, 0.12
"""Shares from which on two texts are one paper's whatever their names, are one's, may be, and below
which they are two papers'.

Measured on real pairs: a draft and its final share 0.53 to 0.87, two papers of one ministry 0.08 at most.
"""
_GRAM = 6
_SHORTEST = 600
"""Letters below which a text is a cover letter or a summary, not the paper."""
_LONGEST = 20_000


class Texts:
    """The texts of one pool, each cut into overlapping pieces once, when it is first compared."""

    def __init__(self) -> None:
        self._pieces: dict[str, frozenset[str]] = {}

    def share(self, one: tuple[str, str], other: tuple[str, str]) -> float | None:
        """The share, 0..1, of the shorter text's pieces that the other has; None when one is too short.

        Each is (id, text); width, case, blanks and punctuation do not count.
        """
        ours, theirs = self._of(*one), self._of(*other)
        if not ours or not theirs:
            return None
        return len(ours & theirs) / min(len(ours), len(theirs))

    def _of(self, name: str, text: str) -> frozenset[str]:
        found = self._pieces.get(name)
        if found is None:
            plain = letters(text[: 2 * _LONGEST])[:_LONGEST]
            ends = range(len(plain) - _GRAM + 1) if len(plain) >= _SHORTEST else range(0)
            found = self._pieces[name] = frozenset(plain[n : n + _GRAM] for n in ends)
        return found


_ENDS = re.compile(r"[。;；\n]+")
_SENTENCE = 14
"""Letters of a sentence that is not a heading or a formula."""
_KEPT = 12


def sketch(text: str) -> frozenset[str]:
    """Prints of some sentences of a text: two texts that share a third of theirs share one of these.

    Which are kept is decided by the prints alone, so both texts keep the same ones of what they share:
    with twelve each, two in a hundred pairs that share a third have none in common. Empty for a text
    too short to be a paper.
    """
    plain = normalize(text[: 2 * _LONGEST])
    if len(letters(plain)) < _SHORTEST:
        return frozenset()
    sentences = {letters(one) for one in _ENDS.split(plain)}
    prints = (
        hashlib.blake2b(one.encode(), digest_size=6).hexdigest()
        for one in sentences
        if len(one) >= _SENTENCE
    )
    return frozenset(sorted(prints)[:_KEPT])
