//! Twins of the services on this machine, the real clients that speak to them, and pictures that they read.

use crate::stage::limits;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use visavis::adapters::services::{self, Surroundings};
use visavis::adapters::twin::{FaultRates, Twin, TwinOptions, configuration, pictures};
use visavis::config::{Effective, ServicesConfig};
use visavis::ports::services::ServiceKind;
use visavis::runtime::clock::{Clock, SystemClock};
use visavis::runtime::sync::Target;
use visavis::units::SensitiveBytes;

/// A picture with a mark that the twins read.
pub fn picture(mark: &str, length: usize) -> SensitiveBytes {
    static PLAIN: OnceLock<Vec<u8>> = OnceLock::new();
    let plain = PLAIN.get_or_init(|| {
        let mut bytes = std::io::Cursor::new(Vec::new());
        image::GrayImage::from_pixel(48, 64, image::Luma([128])).write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
        bytes.into_inner()
    });
    let mut marked = pictures::marked(plain, mark).unwrap();
    // What follows the end of a JPEG is nobody's business.
    marked.resize(marked.len().max(length), 0x20);
    SensitiveBytes(marked)
}

fn config(folder: &Path) -> ServicesConfig {
    let text = std::fs::read_to_string(folder.join("twins.toml")).unwrap();
    Effective::from_layers(Some(&text), &[]).unwrap().config.services
}

/// The real clients of `kinds`, as the configuration in the folder says.
pub fn targets(folder: &Path, kinds: &[ServiceKind], at_once: usize, clock: &Arc<dyn Clock>) -> Vec<Target> {
    let config = config(folder);
    let target = |kind: &ServiceKind| {
        let (kind, config, clock) = (*kind, config.clone(), Arc::clone(clock));
        assert!(services::is_on_this_machine(kind, &config));
        let guarantee = services::enrol_guarantee(kind, &config);
        let connect = move || {
            let (wall, machine) = (Arc::clone(&clock), Arc::clone(&clock));
            let surroundings =
                Surroundings { utc: Arc::new(move || wall.utc()), elapsed: Arc::new(move || machine.now().0), secrets: None };
            services::connect(kind, &config, surroundings)
        };
        Target { kind, practice: false, loopback: true, limits: limits(at_once), evidence: false, guarantee, connect: Box::new(connect) }
    };
    kinds.iter().map(target).collect()
}

/// Starts twins and writes the configuration of their clients.
pub fn start(folder: &Path, kinds: &[ServiceKind], seed: u64, faults: impl Fn(ServiceKind) -> FaultRates) -> Vec<Twin> {
    let mut text = String::new();
    let mut twins = Vec::new();
    for kind in kinds {
        let now = SystemClock::start();
        let options = TwinOptions { seed, faults: faults(*kind), ..TwinOptions::new(Arc::new(move || now.utc())) };
        let twin = Twin::start(*kind, options).unwrap();
        text += &with_files(folder, &configuration(*kind, &twin.base_url()));
        twins.push(twin);
    }
    std::fs::write(folder.join("twins.toml"), text).unwrap();
    twins
}

/// The twin's snippet names environment variables and their values; here the secrets lie in files.
fn with_files(folder: &Path, snippet: &str) -> String {
    let mut text = snippet.to_owned();
    for line in snippet.lines() {
        let Some((name, value)) = line.strip_prefix("# export ").and_then(|rest| rest.split_once('=')) else { continue };
        let path = folder.join(name);
        std::fs::write(&path, value).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        text = text.replace(&format!("env:{name}"), &format!("file:{}", path.display()));
    }
    text
}
