"""From a report that was made to the paper that is sent: presented, approved, numbered and issued, the public told."""
