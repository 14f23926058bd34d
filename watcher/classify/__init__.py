"""Say which sector a paper concerns, with evidence: rules as data (taxonomy.yaml), one pass over the text."""

from watcher.classify.engine import NONE, classify
from watcher.classify.rulefile import load_rules, sector_names
from watcher.classify.rules import Rules, Sector

__all__ = ["NONE", "Rules", "Sector", "classify", "load_rules", "sector_names"]
