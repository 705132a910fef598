//! Floor 7: the window. Draws values, sends commands, decides nothing.
