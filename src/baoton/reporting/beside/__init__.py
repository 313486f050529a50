"""Two versions of a report, or two reports of one kind, beside each other: words, figures, and why these differ."""
