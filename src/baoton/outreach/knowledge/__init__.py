"""Surveys of knowledge before and after a campaign: what is asked, files out and back, what the answers say."""
