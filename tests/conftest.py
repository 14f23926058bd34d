"""For the whole suite: chance is looked for at a desk, and repeated where a failing run stops a landing."""

import pytest
from hypothesis import settings

from tests.real import STRICT

settings.register_profile("strict", derandomize=True)
if STRICT:
    settings.load_profile("strict")


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Bytes are named by their argument: a zip holds the time it was made, and workers must agree."""
    return argname if isinstance(val, bytes) else None


LONGEST = ("e2e/test_faults.py", "e2e/test_kill.py", "e2e/test_real_input.py", "demo/test_tour.py")
"""What waits for real processes for a minute: begun last, it would be waited for alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that workers share out the short ones at the end."""
    items.sort(key=lambda item: not item.path.as_posix().endswith(LONGEST))
