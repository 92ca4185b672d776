"""Exam planning: the best use of the minutes until the day (pure: no clock, no input or output).

Read in this order: `memory` (what FSRS-6 says), `grid` (the same, tabulated), `scope` (which cards count how
much, and which days are open), `programme` (what a card is worth under given prices), `prices` (prices that
fit the minutes), `plan` (one call for all of it), `session` (what to show now), `calibration`, `attendance`
and `costs` (what the learner teaches us), `forecast` (where they stand), `tables` (what a phone needs).
"""
