"""What is looked for in a book: each rule gives signals with their lines, or says that it cannot judge and why."""
