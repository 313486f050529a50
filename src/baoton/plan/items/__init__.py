"""Work given to bodies: the letter, what they do with it, what shows it was done, what follows when it is late."""
