//! Visavis: parse arguments, run, exit.

fn main() -> std::process::ExitCode {
    visavis::cli::run(std::env::args_os())
}
