"""The nouns of SQS and their rules. Pure: no store, no clock."""
