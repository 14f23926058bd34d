"""From bytes to what they say: lists, feeds, papers, attachments, letters, briefs. Pure."""
