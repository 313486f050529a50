"""The pages on which accounts and rights are looked after."""
