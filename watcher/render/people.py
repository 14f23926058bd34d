"""Who did something, as it is kept and as readers see it."""

import re

_IN_SLACK = re.compile(r"\Aslack:[A-Z0-9]+ (?=\S)")


def shown(by: str) -> str:
    """A name without where it was given: slack:U012 ann → ann."""
    return _IN_SLACK.sub("", by, count=1)
