"""Readers of documents: bytes in, a header and plain blocks out; none of them runs or fetches anything."""
