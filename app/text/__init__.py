"""From a text to candidate cards, each with the place in the text that bears it out.

decode -> normalise (with an offset map) -> outline (sections and paragraphs) -> rules -> rank -> overlay.
Deterministic: the same bytes give the same candidates with the same ids.
"""
