"""What an alert needs so that people can work with it where it is posted."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """Whose alert it is, what its buttons say, and what became of it since it was posted."""

    team: str = ""
    subscription: str = ""
    pressable: bool = False
    """Somebody listens to what is pressed: without that it has no buttons."""
    since: str = ""
    """What became of the paper since it was told, for a posted alert that is put right."""
    reviewed: str = ""
    """Who said what of it: "Reviewed by Ann"."""
