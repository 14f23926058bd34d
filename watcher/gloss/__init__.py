"""English readings of Chinese titles, by pattern and glossary. Pure; what is not sure stays Chinese."""

from watcher.gloss.gloss import LONGEST, Gloss, gloss
from watcher.gloss.reading import Translation, key_of, reading

__all__ = ["LONGEST", "Gloss", "Translation", "gloss", "key_of", "reading"]
