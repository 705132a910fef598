//! The command line from outside: exit codes, JSON, bad input.
