"""Briefs: what an analyst wrote, taken apart into items."""
