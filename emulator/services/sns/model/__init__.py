"""The nouns of SNS and their rules. Pure: no store, no clock."""
