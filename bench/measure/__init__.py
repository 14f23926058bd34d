"""What the benchmarks share: meters and tables, invented papers, and ministries that publish them."""
