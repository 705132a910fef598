//! Certificates of country authorities and their revocation lists, read from a folder the operator keeps.

use super::{ChipFolderError, bytes, listed};
use crate::documents::chip::{CertificateFault, Trust};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::path::Path;

/// Files that are looked at; all states together have some hundreds of certificates.
const MOST_FILES: usize = 8192;

/// The longest file, bytes: a revocation list of a large state.
const LONGEST: u64 = 8_388_608;

/// Whom the operator trusts, and what in the folder could not be used.
#[derive(Debug, Clone)]
pub struct TrustFolder {
    /// Certificates and lists.
    pub trust: Trust,
    /// Names of files that were not used, and why.
    pub skipped: Vec<(String, String)>,
}

/// Reads every certificate (`.cer`, `.crt`, `.der`, `.pem` …) and revocation list of a folder; what they are is seen from their bytes.
///
/// # Errors
/// [`ChipFolderError`]: the folder cannot be read, or there is no usable certificate.
pub fn read_trust(folder: &Path) -> Result<TrustFolder, ChipFolderError> {
    let mut read = TrustFolder { trust: Trust::new(), skipped: Vec::new() };
    for (name, path) in listed(folder, MOST_FILES)? {
        match bytes(&path, LONGEST) {
            Ok(content) => {
                for encoded in blocks(&content) {
                    if let Err(reason) = encoded.and_then(|der| add(&mut read.trust, &der)) {
                        read.skipped.push((name.clone(), reason));
                    }
                }
            }
            Err(error @ ChipFolderError::Size { .. }) => read.skipped.push((name, error.to_string())),
            Err(error) => return Err(error),
        }
    }
    if read.trust.authorities() == 0 {
        return Err(ChipFolderError::NoCertificates(folder.to_owned()));
    }
    Ok(read)
}

fn add(trust: &mut Trust, der: &[u8]) -> Result<(), String> {
    match trust.add_certificate(der) {
        Err(CertificateFault::Encoding) => trust.add_revocation_list(der).map_err(|fault| match fault {
            CertificateFault::Encoding => "neither a certificate nor a revocation list".to_owned(),
            other => other.to_string(),
        }),
        other => other.map_err(|fault| fault.to_string()),
    }
}

/// The DER objects in a file: the file itself, or every block of a PEM text.
fn blocks(content: &[u8]) -> Vec<Result<Vec<u8>, String>> {
    let Some(text) = std::str::from_utf8(content).ok().filter(|t| t.contains("-----BEGIN ")) else { return vec![Ok(content.to_vec())] };
    let block = |part: &str| {
        let (_, body) = part.split_once("-----").ok_or("a PEM block has no label")?;
        let (body, _) = body.split_once("-----END ").ok_or("a PEM block has no end")?;
        let digits: String = body.chars().filter(|c| !c.is_whitespace()).collect();
        STANDARD.decode(digits).map_err(|_| "a PEM block is not base 64".to_owned())
    };
    text.split("-----BEGIN ").skip(1).map(block).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_a_pem_text_are_taken_apart() {
        let text = "subject=…\n-----BEGIN CERTIFICATE-----\r\nAQID\r\n-----END CERTIFICATE-----\n-----BEGIN X509 CRL-----\nBA==\n-----END X509 CRL-----\n";
        assert_eq!(blocks(text.as_bytes()), [Ok(vec![1, 2, 3]), Ok(vec![4])]);
        assert_eq!(blocks(&[0x30, 0]), [Ok(vec![0x30, 0])]);
        assert!(blocks(b"-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----")[0].is_err());
        assert!(blocks(b"-----BEGIN CERTIFICATE-----\nAQID")[0].is_err());
    }
}
