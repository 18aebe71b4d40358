"""The nouns of IAM and their rules: identities, policy documents, tags; pure."""
