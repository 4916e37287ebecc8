"""Outside parties as real servers on the loopback interface, for tests and demo only."""
