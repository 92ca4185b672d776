"""Deck files: bytes or text to a DeckDraft, and back."""
