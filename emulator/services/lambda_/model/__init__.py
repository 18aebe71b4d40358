"""The nouns of Lambda: how functions are named, configured, allowed and invoked."""
