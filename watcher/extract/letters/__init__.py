"""Letters: what a mail says, as items or as a brief."""
