"""From one version of a protocol: what is asked, the files that go to the field, and the reading of what comes back."""
