//! Lines about what a test ran on, and what it could not check: written where the test harness does not swallow them.
#![allow(dead_code, reason = "every test target uses its own part")]

use std::io::Write as _;

/// Says it beside the harness's own lines, whether the test passes or not.
pub fn say(line: &str) {
    // A line that cannot be written changes nothing about the test.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
