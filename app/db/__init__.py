"""Engine, tables and the questions that the services put to them."""
