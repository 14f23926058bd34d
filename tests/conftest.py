"""For the whole suite: chance is looked for at a desk, and repeated where a failing run stops a landing."""

from hypothesis import settings

from tests.real import STRICT

settings.register_profile("strict", derandomize=True)
if STRICT:
    settings.load_profile("strict")
