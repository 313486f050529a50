"""The inbox of one reader: what waits for him, what is due, where he is named, what is new; and it as a letter."""
