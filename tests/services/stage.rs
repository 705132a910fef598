//! Configurations, pictures and deliveries for the tests.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use visavis::adapters::services::{Surroundings, connect};
use visavis::config::{Effective, ServicesConfig};
use visavis::ports::services::{Delivery, IdentityService, ServiceKind};
use visavis::units::{SensitiveBytes, SensitiveText, SubjectId, UtcTime};

/// 2026-01-01T00:00:00Z.
pub const NOW: UtcTime = UtcTime(1_767_225_600_000);

/// A clock that a test moves.
#[derive(Clone, Default)]
pub struct Hands(Arc<AtomicU64>);

impl Hands {
    pub fn forward(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    pub fn surroundings(&self) -> Surroundings {
        let (utc, elapsed) = (self.0.clone(), self.0.clone());
        Surroundings {
            utc: Arc::new(move || UtcTime(NOW.0 + i64::try_from(utc.load(Ordering::SeqCst)).unwrap_or(0) * 1000)),
            elapsed: Arc::new(move || Duration::from_secs(elapsed.load(Ordering::SeqCst))),
            secrets: None,
        }
    }
}

/// Secrets by reference need a place that other accounts cannot read.
static SECRET_FILE: LazyLock<(tempfile::TempDir, String)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("secret");
    std::fs::write(&path, super::secrecy::SECRET).expect("a file");
    #[cfg(unix)]
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("permissions");
    let reference = format!("file:{}", path.display());
    (folder, reference)
});

pub fn secret_reference() -> &'static str {
    &SECRET_FILE.1
}

/// All five services at `address` with credentials, and `more` TOML laid over.
pub fn config(address: &str, more: &str) -> ServicesConfig {
    let secret = secret_reference();
    let mut text = String::new();
    for kind in ServiceKind::ALL {
        let name = kind.name();
        let prefix = "";
        text.push_str(&format!("[services.{name}.endpoint]\nbase_url = \"{address}\"\nprefix = \"{prefix}\"\n"));
        if kind != ServiceKind::Baf {
            let id = "client";
            text.push_str(&format!(
                "[services.{name}.endpoint.token]\nclient_id = \"{id}\"\nsecret = \"{secret}\"\naddress = \"/token\"\n"
            ));
        }
    }
    text.push_str(&format!("[services.awareid]\nrealm = \"bank\"\napi_key = \"{secret}\"\n"));
    text.push_str(&format!("[services.baf]\nprivate_key = \"{secret}\"\n[services.faceki]\nworkflow_id = \"w1\"\n"));
    let base = Effective::from_layers(Some(&text), &[]).unwrap_or_else(|e| panic!("{e}\n{text}"));
    if more.is_empty() {
        return base.config.services;
    }
    let overrides: Vec<(String, toml::Value)> = flat("", &more.parse::<toml::Table>().expect("TOML"));
    let overrides: Vec<(&str, toml::Value)> = overrides.iter().map(|(k, v)| (k.as_str(), v.clone())).collect();
    Effective::from_layers(Some(&text), &overrides).unwrap_or_else(|e| panic!("{e}")).config.services
}

fn flat(prefix: &str, table: &toml::Table) -> Vec<(String, toml::Value)> {
    let join = |key: &str| if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") };
    let each = |(key, value): (&String, &toml::Value)| match value {
        toml::Value::Table(inner) => flat(&join(key), inner),
        other => vec![(join(key), other.clone())],
    };
    table.iter().flat_map(each).collect()
}

pub fn client(kind: ServiceKind, config: &ServicesConfig) -> Box<dyn IdentityService> {
    connect(kind, config, Hands::default().surroundings()).unwrap_or_else(|e| panic!("{e}"))
}

/// A picture whose bytes a log must never hold.
pub fn picture() -> SensitiveBytes {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_fn(48, 64, |x, y| image::Rgb([x as u8 * 5, y as u8 * 3, 77]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("a picture");
    SensitiveBytes(bytes.into_inner())
}

pub fn delivery() -> Delivery {
    Delivery {
        key: uuid::Uuid::from_u128(0x0196_0000_0000_7000_8000_0000_0000_0001),
        subject: SubjectId(uuid::Uuid::from_u128(2)),
        registration_code: "VIS-0001".to_owned(),
        remote_reference: Some("REF-1".to_owned()),
        details: vec![("full_name".to_owned(), SensitiveText("Ada Lovelace".to_owned()))],
        faces: vec![picture()],
        document: vec![picture()],
        evidence: Vec::new(),
    }
}

/// A token reply that every client reads.
pub const TOKEN: &str =
    r#"{"responseCode":0,"access_token":"tkn-1","token":"tkn-1","expires_in":300,"data":{"access_token":"tkn-1","expires_in":300}}"#;
