//! The synthetic subject: a rendered face with commanded identity, pose, expression and light.
