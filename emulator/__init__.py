"""Stepwell: a local emulator of event-driven serverless AWS."""
