//! From a candidate list to an answer: identified, ambiguous or an honest unknown.
