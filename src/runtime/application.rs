//! The application behind every window and command: owns the threads, steps the flows, answers the window.
