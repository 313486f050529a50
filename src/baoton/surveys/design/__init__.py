"""The design of a campaign: where its sites lie, how many they must be, what they cost."""
