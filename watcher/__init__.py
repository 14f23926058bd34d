"""Watch what China's ministries publish, say whom it concerns and what changed."""

__version__ = "0.1.0"
