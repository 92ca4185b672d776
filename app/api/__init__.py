"""The HTTP side: DTOs and handlers, one module for each kind of thing."""
