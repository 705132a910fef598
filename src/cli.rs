//! Floor 8: the command line, one file per command family. Prints and exits, decides nothing.
