"""What a person types: commands, and their faults as one sentence each."""
