"""What CloudWatch Logs knows without its store: how groups are named, positions, filter patterns."""
