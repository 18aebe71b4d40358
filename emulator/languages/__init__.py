"""What users write, as pure functions: values in, values out. No clock, no thread, no store."""
