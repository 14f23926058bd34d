"""Look at an address as watcher would: what is there, is it stable, and which YAML reads it."""

from watcher.probe.prober import Prober
from watcher.probe.recorder import Recorder

__all__ = ["Prober", "Recorder"]
