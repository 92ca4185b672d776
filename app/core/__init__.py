"""The pure heart: no clock, no randomness, no input or output."""
