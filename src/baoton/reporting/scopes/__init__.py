"""What a report tells of: a stretch of time, the whole province or one commune, everything or one theme."""
