"""Countries: the same for every house."""
