//! House rules as failing checks: floors, file heads and lengths, clocks, colours, unsafe, licences, words that stay out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

const LONGEST_FILE: usize = 600;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files_below(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|e| e.expect("readable folder").path()) {
        if path.is_dir() {
            files_below(&path, extension, found);
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
}

/// Every Rust source file below `folder`, with its path relative to the root and its text.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut paths = Vec::new();
    files_below(&root().join(folder), "rs", &mut paths);
    paths.sort();
    let read = |p: PathBuf| {
        let name = p.strip_prefix(root()).expect("below the root").to_string_lossy().replace('\\', "/");
        (name, fs::read_to_string(&p).expect("UTF-8 source"))
    };
    paths.into_iter().map(read).collect()
}

/// Every file below `folder` that is shipped: unit tests in files of their own are left out.
fn shipped(folder: &str) -> Vec<(String, String)> {
    sources(folder).into_iter().filter(|(name, _)| !name.ends_with("/tests.rs") && !name.contains("/tests/")).collect()
}

/// The part of a file before its unit tests, without comments.
fn code(text: &str) -> String {
    let shipped = text.split("#[cfg(test)]").next().unwrap_or(text);
    let bare = |line: &str| if line.trim_start().starts_with("//") { String::new() } else { line.to_owned() };
    shipped.lines().map(bare).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn none(problems: Vec<String>) {
    assert!(problems.is_empty(), "{} problem(s):\n{}", problems.len(), problems.join("\n"));
}

fn floor(module: &str) -> Option<u8> {
    Some(match module {
        "geometry" | "units" | "advice" | "phrase" | "config" => 1,
        "imaging" => 2,
        "biometrics" | "documents" => 3,
        "ports" => 4,
        "workflow" | "adapters" => 5,
        "runtime" => 6,
        "ui" => 7,
        "cli" => 8,
        "main" | "lib" => 9,
        _ => return None,
    })
}

/// `src/biometrics/quality/sharpness.rs` is `biometrics`.
fn top_module(name: &str) -> &str {
    let below = name.strip_prefix("src/").unwrap_or(name);
    below.split(['/', '.']).next().unwrap_or(below)
}

/// Modules named after `crate::` in the code, `crate::{a, b}` included.
fn imports(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 0;
            for part in list.split_inclusive(['{', '}', ',']) {
                let word: String = part.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if depth == 0 && !word.is_empty() {
                    found.insert(word);
                }
                depth += match part.chars().last() {
                    Some('{') => 1,
                    Some('}') => -1,
                    _ => 0,
                };
                if depth < 0 {
                    break;
                }
            }
        } else {
            found.insert(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    found
}

#[test]
fn a_file_imports_only_from_floors_below() {
    let mut problems = Vec::new();
    for (name, text) in shipped("src") {
        let module = top_module(&name);
        let Some(own) = floor(module) else {
            problems.push(format!("{name}: on no floor; add it to the table in src/lib.rs and here"));
            continue;
        };
        for import in imports(&code(&text)) {
            let Some(other) = floor(&import) else { continue };
            // The values of floor 1 may use each other; nothing else goes sideways.
            if import != module && (other > own || (other == own && own > 1)) {
                problems.push(format!("{name} (floor {own}) imports {import} (floor {other})"));
            }
        }
    }
    none(problems);
}

#[test]
fn adapters_do_not_import_each_other() {
    let mut problems = Vec::new();
    for (name, text) in shipped("src/adapters") {
        let own = name.strip_prefix("src/adapters/").expect("below adapters").split(['/', '.']).next().unwrap_or_default().to_owned();
        for (at, _) in code(&text).match_indices("crate::adapters::") {
            let rest = &code(&text)[at + "crate::adapters::".len()..];
            let other: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if other != own {
                problems.push(format!("{name} imports the adapter {other}"));
            }
        }
    }
    none(problems);
}

#[test]
fn foreign_crates_stay_where_they_belong() {
    let rules: &[(&str, &[&str])] = &[
        ("egui", &["src/ui", "src/cli"]),
        ("eframe", &["src/ui"]),
        ("rfd", &["src/ui"]),
        ("ort", &["src/adapters/inference"]),
        ("ort_tract", &["src/adapters/inference"]),
        ("nokhwa", &["src/adapters/camera"]),
        ("rusqlite", &["src/adapters/gallery"]),
        ("axum", &["src/adapters/twin"]),
        ("tokio", &["src/adapters/twin"]),
        ("reqwest", &["src/adapters/packs", "src/adapters/services", "src/adapters/twin"]),
        ("keyring", &["src/adapters/keys"]),
        ("rxing", &["src/adapters/barcode"]),
        ("chrono", &["src/runtime/clock"]),
        ("pcsc", &["src/adapters/chip"]),
        ("x509_cert", &["src/documents/chip"]),
        ("hayro_jpeg2000", &["src/imaging/decode"]),
        ("clap", &["src/cli"]),
    ];
    let mut problems = Vec::new();
    for (name, text) in shipped("src") {
        let code = code(&text);
        for (foreign, homes) in rules {
            let named = |prefix: &str| code.contains(&format!("{prefix}{foreign}::"));
            let used = named("use ") || named(" ") || named("(") || named("<") || named("&");
            if used && !homes.iter().any(|home| name.starts_with(home)) {
                problems.push(format!("{name} uses {foreign}"));
            }
        }
    }
    none(problems);
}

#[test]
fn lower_floors_touch_nothing_outside() {
    let forbidden = ["std::fs", "std::net", "std::thread", "std::env", "std::process", "Instant::now", "SystemTime::now"];
    let mut problems = Vec::new();
    for (name, text) in shipped("src") {
        let pure = floor(top_module(&name)).is_some_and(|f| f <= 4) || name.starts_with("src/workflow");
        for word in forbidden.iter().filter(|word| pure && code(&text).contains(**word)) {
            problems.push(format!("{name} uses {word}"));
        }
    }
    none(problems);
}

#[test]
fn only_the_clock_reads_a_clock() {
    let reads = |text: &str| ["Instant::now", "SystemTime::now", "now_utc"].into_iter().find(|word| code(text).contains(word));
    let problems = shipped("src")
        .into_iter()
        .filter(|(name, _)| name != "src/runtime/clock.rs")
        .filter_map(|(name, text)| reads(&text).map(|word| format!("{name} uses {word}")))
        .collect();
    none(problems);
}

#[test]
fn unsafe_code_stays_in_kernels_and_the_wake_up() {
    let mut problems = Vec::new();
    for (name, text) in shipped("src") {
        let allowed = name.contains("/kernels") || name.ends_with("wake.rs");
        let code = code(&text);
        if !allowed && (code.contains("unsafe {") || code.contains("unsafe fn") || code.contains("allow(unsafe_code")) {
            problems.push(format!("{name} holds unsafe code"));
        }
    }
    none(problems);
}

#[test]
fn files_say_what_they_are_for_and_stay_short() {
    let mut problems = Vec::new();
    for (name, text) in sources("src").into_iter().chain(sources("tests")) {
        if !text.starts_with("//! ") {
            problems.push(format!("{name}: the first line does not say what the file is for"));
        }
        let lines = text.lines().count();
        if lines > LONGEST_FILE {
            problems.push(format!("{name}: {lines} lines, at most {LONGEST_FILE}"));
        }
        let stem = Path::new(&name).file_stem().and_then(|s| s.to_str()).unwrap_or_default();
        if ["utils", "util", "common", "helpers", "helper", "misc", "manager"].contains(&stem) {
            problems.push(format!("{name}: name the thing"));
        }
    }
    none(problems);
}

#[test]
fn colours_come_from_the_theme() {
    let literal = |text: &str| {
        let code = code(text);
        ["Color32::from_rgb", "Color32::from_rgba", "Color32::from_gray", "Color32::from_hex", "hex_color!"]
            .into_iter()
            .any(|w| code.contains(w))
    };
    let problems = shipped("src/ui")
        .into_iter()
        .filter(|(name, text)| !name.starts_with("src/ui/theme") && !name.starts_with("src/ui/software") && literal(text))
        .map(|(name, _)| format!("{name} holds a colour literal"))
        .collect();
    none(problems);
}

/// Text between quotation marks of code, outside attributes and panics.
fn literals(code: &str) -> Vec<String> {
    let machine = ["expect(", "#[", "reason = ", "Advice::", "panic!(", "unreachable!(", "tracing::", "debug_assert"];
    let lines = code.lines().filter(|line| !machine.iter().any(|word| line.contains(word)));
    lines.flat_map(|line| line.split('"').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[test]
fn what_a_window_says_comes_from_the_locale_files() {
    // The name of the program, and a filter of the system's file dialog with that name.
    let names = ["Visavis"];
    let letters = |word: &str| word.len() > 2 && word.chars().all(char::is_alphabetic);
    let is_text = |literal: &String| {
        let words: Vec<&str> = literal.split_whitespace().collect();
        let sentence = words.windows(2).any(|pair| letters(pair[0]) && letters(pair[1]));
        let label =
            words.len() == 1 && letters(literal) && literal.starts_with(char::is_uppercase) && literal[1..].chars().all(char::is_lowercase);
        (sentence || label) && !names.contains(&literal.as_str())
    };
    let mut problems = Vec::new();
    for (name, text) in shipped("src/ui") {
        let examples = name.starts_with("src/ui/fixtures") || name.ends_with("_fixtures.rs");
        // The names of languages in themselves.
        if examples || name == "src/ui/strings.rs" {
            continue;
        }
        let code = code(&text);
        // Advice has its words in the locale files by its code.
        let code = match code.split_once("fn advice(&self)") {
            Some((before, rest)) => before.to_owned() + rest.split_once("\n    }\n").map_or("", |(_, after)| after),
            None => code,
        };
        problems.extend(literals(&code).iter().filter(|l| is_text(l)).map(|l| format!("{name} says {l:?}")));
    }
    none(problems);
}

#[test]
fn models_of_screens_know_no_toolkit() {
    let models: Vec<_> = shipped("src/ui/screens").into_iter().filter(|(name, _)| name.ends_with("/model.rs")).collect();
    assert!(models.len() > 10, "the models were found");
    none(models.into_iter().filter(|(_, text)| code(text).contains("egui")).map(|(name, _)| format!("{name} uses egui")).collect());
}

/// What shipped code means by each support code: the next step it advises, the key of the sentence it comes with, or else the file that gives
/// it. Where a code is only compared with, it is not given.
fn meanings() -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let is_code = |word: &str| {
        let bytes = word.as_bytes();
        bytes.len() == 6 && bytes[..3].iter().all(u8::is_ascii_uppercase) && bytes[3] == b'-' && bytes[4..].iter().all(u8::is_ascii_digit)
    };
    for (name, text) in shipped("src").into_iter().filter(|(name, _)| !name.contains("fixtures")) {
        let flat = code(&text).split_whitespace().collect::<Vec<_>>().join(" ");
        let pieces: Vec<&str> = flat.split('"').collect();
        for (i, word) in pieces.iter().enumerate().filter(|(_, word)| is_code(word)) {
            let before = if i == 0 { "" } else { pieces[i - 1].trim() };
            let after = pieces.get(i + 1).map_or("", |rest| rest.trim());
            let compared = ["==", "== Some(", "|", "code:"].iter().any(|mark| before.ends_with(mark)) || after.starts_with('|');
            if compared {
                continue;
            }
            let advised =
                ["Advice::input(", "Advice::environment(", "Advice::no(", "final_fault("].iter().any(|mark| before.ends_with(mark));
            let meaning = match before {
                _ if advised && after == "," => pieces.get(i + 2).map_or_else(String::new, |step| (*step).to_owned()),
                "," if i >= 2 => pieces[i - 2].to_owned(),
                _ => name.clone(),
            };
            found.entry((*word).to_owned()).or_default().insert(meaning);
        }
    }
    found
}

/// A support code means one thing: it never comes with two different next steps, reasons or places.
#[test]
fn support_codes_mean_one_thing() {
    // The same thing, said in more than one place.
    let same = [
        ("BIO-01", "no face: found by the pipeline, and the reason why a flow refuses a picture file"),
        ("BIO-02", "several faces: likewise"),
        ("DOC-62", "the time of a document capture is up: the state machine, the error of a session, and the screen that offers more time"),
        ("FLW-25", "a picture file is not good enough: the sentence names what is, where it is known"),
        ("FLW-30", "the pictures could not be assessed: live, in a challenge, from a file"),
    ];
    let meanings = meanings();
    assert!(meanings.len() > 150, "only {} codes were found", meanings.len());
    let several = |code: &str| meanings.get(code).is_some_and(|m| m.len() > 1);
    let mut problems: Vec<String> = meanings
        .iter()
        .filter(|(code, _)| several(code) && !same.iter().any(|(known, _)| known == code))
        .map(|(code, meanings)| format!("{code}: {meanings:?}"))
        .collect();
    problems.extend(same.iter().filter(|(code, _)| !several(code)).map(|(code, _)| format!("{code} is given in one place only")));
    none(problems);
}

/// Places and names that would tie the repository to one machine.
#[test]
fn nothing_names_a_machine() {
    let words = [["/wo", "rk/"].concat(), ["/ro", "ot/"].concat(), ["arti", "factory"].concat(), ["work", "tree"].concat()];
    let mut paths = Vec::new();
    for (folder, extensions) in
        [("src", &["rs"][..]), ("tests", &["rs", "sh", "py"]), ("packaging", &["sh", "md", "toml"]), ("assets", &["ftl", "toml"])]
    {
        extensions.iter().for_each(|e| files_below(&root().join(folder), e, &mut paths));
    }
    paths.extend(["README.md", "Cargo.toml", "packaging/demo", "packaging/test", ".ci/run"].map(|p| root().join(p)));
    let mut problems = Vec::new();
    for path in paths.iter().filter(|p| p.exists()) {
        let text = fs::read_to_string(path).expect("UTF-8 text");
        for word in words.iter().filter(|word| text.contains(*word)) {
            problems.push(format!("{} names {word}", path.strip_prefix(root()).expect("below the root").display()));
        }
    }
    none(problems);
}

#[test]
fn every_licence_is_on_the_list() {
    let text = fs::read_to_string(root().join(".deny.toml")).expect(".deny.toml");
    let rules: toml::Table = text.parse().expect("valid TOML");
    let allowed: BTreeSet<&str> =
        rules["licenses"]["allow"].as_array().expect("a list").iter().map(|v| v.as_str().expect("text")).collect();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["metadata", "--format-version", "1", "--locked", "--offline"];
    let output = std::process::Command::new(cargo).args(arguments).current_dir(root()).output().expect("cargo runs");
    let metadata = if output.status.success() {
        output.stdout
    } else {
        // Crates of other platforms are not all in the local cache: ask again with the registry.
        let again = std::process::Command::new("cargo").args(&arguments[..4]).current_dir(root()).output().expect("cargo runs");
        assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
        again.stdout
    };
    let metadata: serde_json::Value = serde_json::from_slice(&metadata).expect("JSON");
    let packages = metadata["packages"].as_array().expect("a list");
    assert!(packages.len() > 100, "the dependency tree was read");
    let problems = packages
        .iter()
        .filter(|p| !satisfied(p["license"].as_str().unwrap_or("none"), &allowed))
        .map(|p| format!("{} {}: {}", p["name"], p["version"], p["license"]))
        .collect();
    none(problems);
}

/// Whether an SPDX expression (`OR`, `AND`, `WITH`, brackets, the old `/`) can be met by the allowed licences.
fn satisfied(expression: &str, allowed: &BTreeSet<&str>) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ").replace(" WITH ", "~");
    let tokens: Vec<String> = spaced.split_whitespace().map(|t| t.replace('~', " WITH ")).collect();
    let mut at = 0;
    any_of(&tokens, &mut at, allowed) && at == tokens.len()
}

fn any_of(tokens: &[String], at: &mut usize, allowed: &BTreeSet<&str>) -> bool {
    let mut met = all_of(tokens, at, allowed);
    while tokens.get(*at).is_some_and(|t| t == "OR") {
        *at += 1;
        met |= all_of(tokens, at, allowed);
    }
    met
}

fn all_of(tokens: &[String], at: &mut usize, allowed: &BTreeSet<&str>) -> bool {
    let mut met = one(tokens, at, allowed);
    while tokens.get(*at).is_some_and(|t| t == "AND") {
        *at += 1;
        met &= one(tokens, at, allowed);
    }
    met
}

fn one(tokens: &[String], at: &mut usize, allowed: &BTreeSet<&str>) -> bool {
    let Some(token) = tokens.get(*at) else { return false };
    *at += 1;
    if token != "(" {
        return allowed.contains(token.as_str());
    }
    let met = any_of(tokens, at, allowed);
    let closed = tokens.get(*at).is_some_and(|t| t == ")");
    *at += 1;
    met && closed
}

#[test]
fn licence_expressions_are_read_right() {
    let allowed = BTreeSet::from(["MIT", "Apache-2.0 WITH LLVM-exception", "OFL-1.1"]);
    assert!(satisfied("MIT OR GPL-3.0", &allowed));
    assert!(satisfied("MIT/GPL-3.0", &allowed));
    assert!(satisfied("(MIT OR GPL-3.0) AND OFL-1.1", &allowed));
    assert!(satisfied("Apache-2.0 WITH LLVM-exception", &allowed));
    assert!(!satisfied("GPL-3.0", &allowed));
    assert!(!satisfied("MIT AND GPL-3.0", &allowed));
    assert!(!satisfied("none", &allowed));
}

#[test]
fn the_top_level_stays_tidy() {
    let known = ["Cargo.toml", "Cargo.lock", "src", "assets", "models", "tests", "packaging", "README.md", "LICENSE", "target"];
    let listed = std::process::Command::new("git").args(["ls-files"]).current_dir(root()).output();
    let Ok(listed) = listed.map(|o| String::from_utf8_lossy(&o.stdout).into_owned()) else {
        let _ = writeln!(std::io::stderr().lock(), "the top level: not checked, git is not here");
        return;
    };
    let tops: BTreeSet<&str> = listed.lines().map(|l| l.split('/').next().unwrap_or(l)).collect();
    none(
        tops.into_iter().filter(|t| !t.starts_with('.') && !known.contains(t)).map(|t| format!("{t} does not belong at the top")).collect(),
    );
}
