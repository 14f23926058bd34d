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
