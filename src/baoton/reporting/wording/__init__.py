"""The Word template of the report as an office words it: dated versions, looked at before one is taken."""
