"""A believable year of a small company, built through the same acts that people use."""
