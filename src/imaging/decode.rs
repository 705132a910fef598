//! Picture files to upright RGB8 frames, within bounds.
