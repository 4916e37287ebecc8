"""Pages for people: each checks the right, calls one act and answers."""
