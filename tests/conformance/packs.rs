//! Installing, importing and verifying packs; downloads come from a small server in this process.

use crate::said::say;
use crate::tiny_pack;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use visavis::adapters::packs::{InstallError, Origin, PackLocation, PackStore, PublishedModel, PublishedPack};
use visavis::advice::Advised as _;
use visavis::biometrics::comparison::Calibration;
use visavis::biometrics::pack::Role;
use visavis::biometrics::pad;
use visavis::biometrics::pad::assurance::Measurement;
use visavis::biometrics::pad::rules::PadRules;
use visavis::runtime::drill::species::Species;
use visavis::workflow::challenge::evidence;

/// How the server misbehaves.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Manner {
    /// Answers ranges and whole files.
    Proper,
    /// Breaks every connection after a third of what is left.
    Breaks,
    /// Ignores ranges.
    WithoutRanges,
    /// Sends another file of the same length.
    Alters,
    /// Sends more than announced in the manifest.
    TooLong,
    /// Sends on to an address without encryption on another machine.
    RedirectsAway,
    /// Sends on to itself once.
    RedirectsHere,
    /// Has no such file.
    Denies,
}

struct Server {
    address: String,
    requests: Arc<Mutex<Vec<String>>>,
}

/// Serves `content` on a port of its own until the test process ends.
fn serve(content: Vec<u8>, manner: Manner) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let requests = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&requests);
    std::thread::Builder::new()
        .name("file-server".to_owned())
        .spawn(move || listener.incoming().flatten().for_each(|stream| answer(stream, &content, manner, &log)))
        .unwrap();
    Server { address, requests }
}

fn answer(mut stream: TcpStream, content: &[u8], manner: Manner, log: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n == 1) {
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).to_lowercase();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let range = head.lines().find_map(|l| l.strip_prefix("range: bytes=")).and_then(|r| r.trim().trim_end_matches('-').parse().ok());
    log.lock().unwrap().push(format!("{path} {}", range.map_or("all".to_owned(), |r: usize| r.to_string())));
    let mut body = content.to_vec();
    let mut status = "200 OK".to_owned();
    let mut extra = String::new();
    match manner {
        Manner::Alters => body[10] ^= 1,
        Manner::TooLong => body.extend_from_slice(&[0; 1000]),
        Manner::Denies => (status, body) = ("404 Not Found".to_owned(), Vec::new()),
        Manner::RedirectsAway => {
            (status, extra) = ("302 Found".to_owned(), "location: http://models.invalid/x\r\n".to_owned());
        }
        Manner::RedirectsHere if !path.ends_with("/again") => {
            (status, extra) = ("302 Found".to_owned(), format!("location: {path}/again\r\n"));
        }
        _ => {}
    }
    if let Some(from) = range.filter(|_| manner != Manner::WithoutRanges && status.starts_with("200")) {
        status = "206 Partial Content".to_owned();
        extra = format!("content-range: bytes {from}-{}/{}\r\n", body.len() - 1, body.len());
        body.drain(..from.min(content.len()));
    }
    let length = body.len();
    if manner == Manner::Breaks {
        body.truncate(length / 3);
    }
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{extra}\r\n");
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
}

/// The tiny pack's recogniser as a publisher would offer it.
fn published(address: &str) -> (PublishedPack, Vec<u8>) {
    let (id, onnx, contract) = tiny_pack::models().swap_remove(3);
    let model = PublishedModel {
        id: id.to_owned(),
        file: format!("{id}.onnx"),
        address: format!("{address}/{id}.onnx"),
        sha256: tiny_pack::sha256(&onnx),
        bytes: onnx.len() as u64,
        contract: format!("licence = \"MIT\"\n{contract}"),
    };
    (PublishedPack { name: "offered".to_owned(), version: "1".to_owned(), models: vec![model] }, onnx)
}

/// What one installation against a server of this manner ends with.
#[track_caller]
fn install(manner: Manner, data: &Path) -> (Result<bool, InstallError>, Vec<String>, u64) {
    let (_, content) = published("");
    let server = serve(content, manner);
    let (pack, _) = published(&server.address);
    let mut received = 0;
    let result = PackStore::new(data).install(&pack, Origin::PublishersOrLoopback, &mut |p| received = p.received);
    let requests = server.requests.lock().unwrap().clone();
    (result.map(|i| i.already), requests, received)
}

#[test]
fn a_proper_server_is_enough_and_nothing_is_done_twice() {
    let data = tempfile::tempdir().unwrap();
    let (_, content) = published("");
    let server = serve(content, Manner::Proper);
    let (pack, _) = published(&server.address);
    let store = PackStore::new(data.path());
    let mut steps = Vec::new();
    assert!(!store.install(&pack, Origin::PublishersOrLoopback, &mut |p| steps.push(p)).unwrap().already);
    let last = steps.last().unwrap();
    assert_eq!((last.received, last.resumed_from), (last.total, 0));
    assert!(steps.windows(2).all(|w| w[0].received < w[1].received));
    let loaded = store.load(&store.locate("offered").unwrap()).unwrap();
    assert_eq!(loaded.role(Role::Recogniser).count(), 1);
    assert!(store.install(&pack, Origin::PublishersOrLoopback, &mut |_| {}).unwrap().already);
    assert_eq!(server.requests.lock().unwrap().len(), 1);
    assert!(std::fs::read_dir(data.path().join("models")).unwrap().flatten().all(|e| !e.file_name().to_string_lossy().starts_with('.')));
}

#[test]
fn a_broken_download_is_continued_and_reported_if_it_keeps_breaking() {
    let data = tempfile::tempdir().unwrap();
    let (result, requests, received) = install(Manner::Breaks, data.path());
    let error = result.unwrap_err();
    assert!(matches!(error.advice().code, "PCK-02" | "PCK-03"), "{error}");
    assert_eq!(requests.len(), 3);
    let starts: Vec<usize> = requests.iter().map(|r| r.rsplit(' ').next().unwrap().parse().unwrap_or(0)).collect();
    assert!(starts.windows(2).all(|w| w[0] < w[1]), "each attempt goes on where the last one ended: {starts:?}");
    assert!(PackStore::new(data.path()).locate("offered").is_err(), "half a pack is no pack");
    // The next installation needs only the rest.
    let (result, requests, total) = install(Manner::Proper, data.path());
    assert!(!result.unwrap());
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].rsplit(' ').next().unwrap().parse::<u64>().unwrap(), received);
    assert!(total > received);
}

#[test]
fn a_server_without_ranges_starts_over() {
    let data = tempfile::tempdir().unwrap();
    install(Manner::Breaks, data.path()).0.unwrap_err();
    let (result, requests, _) = install(Manner::WithoutRanges, data.path());
    assert!(!result.unwrap());
    assert!(!requests[0].ends_with("all"), "a range was asked for: {requests:?}");
}

#[test]
fn wrong_content_is_refused_and_not_kept() {
    for manner in [Manner::Alters, Manner::TooLong] {
        let data = tempfile::tempdir().unwrap();
        let error = install(manner, data.path()).0.unwrap_err();
        assert_eq!(error.advice().code, "PCK-04", "{manner:?}: {error}");
        let (pack, content) = published("");
        let text = error.to_string();
        assert!(text.contains(&pack.models[0].sha256) && text.contains(&pack.models[0].id), "{text}");
        let partial = data.path().join("models/.offered.partial").join(&pack.models[0].file);
        assert!(!partial.exists(), "{manner:?} left {} of {} bytes", partial.display(), content.len());
        assert!(!install(Manner::Proper, data.path()).0.unwrap(), "a later attempt succeeds");
    }
}

#[test]
fn only_encrypted_addresses_are_followed() {
    let data = tempfile::tempdir().unwrap();
    let error = install(Manner::RedirectsAway, data.path()).0.unwrap_err();
    assert_eq!(error.advice().code, "PCK-06", "{error}");
    let (result, requests, _) = install(Manner::RedirectsHere, data.path());
    assert!(!result.unwrap(), "{requests:?}");
    assert_eq!(requests.len(), 2);
    // Outside tests loopback is no exception.
    let (pack, _) = published("http://127.0.0.1:1");
    let other = tempfile::tempdir().unwrap();
    let error = PackStore::new(other.path()).install(&pack, Origin::Publishers, &mut |_| {}).unwrap_err();
    assert_eq!(error.advice().code, "PCK-06", "{error}");
}

#[test]
fn refusals_of_the_server_are_named() {
    let data = tempfile::tempdir().unwrap();
    let error = install(Manner::Denies, data.path()).0.unwrap_err();
    assert_eq!(error.advice().code, "PCK-02");
    assert!(error.to_string().contains("404"), "{error}");
    let (pack, _) = published("http://127.0.0.1:1");
    let error = PackStore::new(data.path()).install(&pack, Origin::PublishersOrLoopback, &mut |_| {}).unwrap_err();
    assert_eq!(error.advice().code, "PCK-02", "{error}");
}

#[test]
fn a_folder_serves_as_well_and_is_trusted_no_more() {
    let data = tempfile::tempdir().unwrap();
    let stick = tempfile::tempdir().unwrap();
    let store = PackStore::new(data.path());
    let (pack, mut content) = published("https://models.invalid");
    let install = |store: &PackStore| store.install(&pack, Origin::Folder(stick.path()), &mut |_| {});
    assert_eq!(install(&store).unwrap_err().advice().code, "PCK-05");
    let file = stick.path().join(&pack.models[0].file);
    content[3] ^= 1;
    std::fs::write(&file, &content).unwrap();
    assert_eq!(install(&store).unwrap_err().advice().code, "PCK-04");
    content[3] ^= 1;
    std::fs::write(&file, &content).unwrap();
    assert!(!install(&store).unwrap().already);
    // An altered installation is noticed and replaced.
    std::fs::write(data.path().join("models/offered").join(&pack.models[0].file), b"x").unwrap();
    assert!(!install(&store).unwrap().already);
    assert!(install(&store).unwrap().already);
}

#[test]
fn the_open_pack_knows_its_publisher() {
    let data = tempfile::tempdir().unwrap();
    let empty = tempfile::tempdir().unwrap();
    let error = PackStore::new(data.path()).install_open(Some(empty.path()), false, &mut |_| {}).unwrap_err();
    assert_eq!(error.advice().code, "PCK-05");
    assert!(error.to_string().contains("face_detection_yunet_2023mar.onnx"), "{error}");
}

#[test]
fn an_imported_pack_is_the_same_pack() {
    let data = tempfile::tempdir().unwrap();
    let source = tempfile::tempdir().unwrap();
    tiny_pack::write(source.path());
    say("import: pack `tiny`");
    let store = PackStore::new(data.path()).with_embedded(&[]);
    assert_eq!(store.default_location().unwrap_err().advice().code, "MOD-13");
    store.import(source.path()).unwrap();
    let imported = store.load(&store.default_location().unwrap()).unwrap();
    let original = store.load(&PackLocation::Folder(source.path().to_path_buf())).unwrap();
    assert_eq!(imported, original);
    assert_eq!(store.list().len(), 1);
    let cards = store.cards(&store.locate("tiny").unwrap(), Some(Role::Recogniser)).unwrap();
    assert!(cards[0].1.contains("tiny-recogniser") && cards[0].1.contains("MIT OR Apache-2.0"), "{}", cards[0].1);
    // Importing a damaged pack leaves the good one alone.
    std::fs::write(source.path().join("tiny-pad.onnx"), b"x").unwrap();
    assert_eq!(store.import(source.path()).unwrap_err().advice().code, "MOD-02");
    assert_eq!(store.load(&store.locate("tiny").unwrap()).unwrap(), original);
}

#[test]
fn an_interrupted_replacement_leaves_the_old_pack_usable() {
    let data = tempfile::tempdir().unwrap();
    tiny_pack::write(&data.path().join("models/.tiny.previous"));
    let store = PackStore::new(data.path()).with_embedded(&[]);
    assert!(store.load(&store.locate("tiny").unwrap()).is_ok());
    assert!(store.list().is_empty(), "it is found by its name, but not offered");
}

#[test]
fn the_built_in_pack_is_whole_and_used_where_none_is_named() {
    let data = tempfile::tempdir().unwrap();
    let store = PackStore::new(data.path());
    let location = store.default_location().unwrap();
    assert_eq!(location, PackLocation::Embedded);
    for check in store.verify(&location).unwrap() {
        check.outcome.unwrap_or_else(|e| panic!("{}: {e}", check.spec.id));
        assert!(!check.spec.measured.is_empty(), "{} states no figure", check.spec.id);
    }
    let pack = store.load(&location).unwrap();
    for role in [Role::Detector, Role::Landmarks, Role::Recogniser, Role::Pad, Role::Mrz] {
        assert_eq!(pack.role(role).count(), 1, "{role}");
    }
    let recogniser = pack.role(Role::Recogniser).next().unwrap();
    let calibration = Calibration::from_toml(recogniser.calibration.as_deref().unwrap()).unwrap();
    assert_eq!(calibration.recogniser(), recogniser.spec.tag(), "the thresholds were measured with these weights");
    let bytes: u64 = pack.models.iter().map(|m| m.spec.bytes).sum();
    assert!(bytes < 15_000_000, "{bytes} bytes");
    for (model, card) in store.cards(&location, None).unwrap() {
        for part in ["## Purpose", "## Input and output", "## Training", "## Measured", "## Weaknesses"] {
            assert!(card.contains(part), "the card of {model} lacks {part}");
        }
        assert!(card.starts_with(&format!("# {model}\n")), "{}", &card[..80]);
        assert!(card.contains("Licence: ") && card.contains("Measured: "), "the manifest's facts are told in words");
    }
}

#[test]
fn the_shipped_measurement_of_attack_detection_is_one_of_the_built_in_models_and_the_default_rules() {
    let measured = Measurement::shipped().expect("a measurement is shipped");
    let data = tempfile::tempdir().unwrap();
    let pack = PackStore::new(data.path()).load(&PackLocation::Embedded).unwrap();
    assert_eq!(measured.models, pack.title());
    assert_eq!(measured.rules, PadRules::default().values, "labels state it only under these rules");
    let names: Vec<&str> = measured.gates.iter().map(|g| g.name.as_str()).collect();
    assert_eq!(names, pad::ACTIVE_GATES);
    for gate in &measured.gates {
        let tag = |role| pack.role(role).next().unwrap().spec.tag();
        let expected = match gate.name.as_str() {
            pad::CHALLENGE => evidence::METHOD.to_owned(),
            pad::dynamics::NAME => pad::dynamics::METHOD.to_owned(),
            pad::parallax::NAME => pad::parallax::METHOD.to_owned(),
            pad::injection::NAME => pad::injection::METHOD.to_owned(),
            pad::CONTINUITY => tag(Role::Recogniser),
            _ => tag(Role::Pad),
        };
        assert_eq!(gate.method, expected, "{} was measured with another method: run the drill again", gate.name);
    }
    let played: Vec<&str> = measured.species.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(played, Species::ATTACKS.map(Species::name), "every species was played");
    assert!(measured.species.iter().all(|s| s.presentations == measured.genuine && s.accepted <= s.presentations));
}

#[test]
fn roles_that_a_pack_lacks_come_from_the_embedded_one() {
    let tiny = tempfile::tempdir().unwrap();
    tiny_pack::write(tiny.path());
    let mut files: Vec<(&'static str, &'static [u8])> = Vec::new();
    for entry in std::fs::read_dir(tiny.path()).unwrap().flatten() {
        let name: &'static str = Box::leak(entry.file_name().to_string_lossy().into_owned().into_boxed_str());
        let mut content = std::fs::read(entry.path()).unwrap();
        if name == "manifest.toml" {
            content = String::from_utf8(content).unwrap().replace("name = \"tiny\"", "name = \"builtin\"").into_bytes();
        }
        files.push((name, Box::leak(content.into_boxed_slice())));
    }
    let data = tempfile::tempdir().unwrap();
    let store = PackStore::new(data.path()).with_embedded(Box::leak(files.into_boxed_slice()));
    assert_eq!(store.default_location().unwrap(), PackLocation::Embedded);
    assert_eq!(store.load(&PackLocation::Embedded).unwrap().models.len(), 5);
    let (pack, content) = published("https://models.invalid");
    let stick = tempfile::tempdir().unwrap();
    std::fs::write(stick.path().join(&pack.models[0].file), content).unwrap();
    store.install(&pack, Origin::Folder(stick.path()), &mut |_| {}).unwrap();
    let loaded = store.load(&store.locate("offered").unwrap()).unwrap();
    let from = |role: Role| loaded.role(role).map(|m| m.pack.as_str()).collect::<Vec<_>>();
    assert_eq!(from(Role::Recogniser), ["offered"]);
    assert_eq!((from(Role::Detector), from(Role::Pad)), (vec!["builtin"], vec!["builtin"]));
    tiny_pack::write(stick.path());
    let manifest = stick.path().join("manifest.toml");
    let renamed = std::fs::read_to_string(&manifest).unwrap().replace("name = \"tiny\"", "name = \"builtin\"");
    std::fs::write(&manifest, renamed).unwrap();
    assert_eq!(store.import(stick.path()).unwrap_err().advice().code, "PCK-07");
}
