"""Pages and answers that list papers: the rows they show, and where the list goes on."""
