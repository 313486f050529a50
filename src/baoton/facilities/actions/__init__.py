"""What rangers, owners and the department do with facilities, books and dossiers."""
