"""The nouns of S3 and their rules: pure, values in and values out."""
