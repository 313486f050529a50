"""The records that a report counted: their keys and revisions kept with it, and read again as they were that day."""
