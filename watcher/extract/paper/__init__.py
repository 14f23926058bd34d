"""A paper's own page: its title, dates, number, text and files."""
