//! A document signed by another implementation: authority, signer, revocation list and EF.SOD made by the `openssl` program.

use super::authentication::{check, findings};
use super::issuer::{PORTRAIT, face_group, integer, oid, sequence, zone_group};
use crate::said::say;
use sha2::{Digest as _, Sha256};
use std::path::Path;
use std::process::Command;
use visavis::documents::checks::Status;
use visavis::documents::chip::tlv::encode;
use visavis::documents::chip::{ChipCheck, ChipFiles, DataGroup, ElementaryFile, Trust, Verdict};

/// A German passport, as the specimen has it.
const ZONE: &str = "P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<C01X00T478D<<6408125F3310311<<<<<<<<<<<<<<<2";

const SETTINGS: &str = "[req]\ndistinguished_name=dn\n[dn]\n[csca]\nbasicConstraints=critical,CA:TRUE,pathlen:0\n\
    keyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n[ds]\nkeyUsage=critical,digitalSignature\n\
    authorityKeyIdentifier=keyid\n";

/// Runs one command line in `folder`; `None` if there is no such program.
fn openssl(folder: &Path, arguments: &str) -> Option<()> {
    let output = Command::new("openssl").args(arguments.split_whitespace()).current_dir(folder).output().ok()?;
    assert!(output.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
    Some(())
}

/// Makes a country: key parameters of authority and signer, and how the signer signs.
fn issue(folder: &Path, authority: &str, signer: &str, signing: &str) -> Option<()> {
    std::fs::write(folder.join("settings"), SETTINGS).unwrap();
    let groups = [(1, zone_group(ZONE)), (2, face_group(&PORTRAIT))];
    let entry = |(number, file): &(u8, Vec<u8>)| sequence(&[integer(&[*number]), encode(0x04, &Sha256::digest(file))]);
    let list = [integer(&[0]), sequence(&[oid("2.16.840.1.101.3.4.2.1")]), sequence(&groups.iter().map(entry).collect::<Vec<_>>())];
    std::fs::write(folder.join("list"), sequence(&list)).unwrap();
    openssl(folder, &format!("genpkey {authority} -out csca.key"))?;
    openssl(folder, "req -new -x509 -key csca.key -sha256 -days 4000 -subj /C=DE/CN=csca -config settings -extensions csca -out csca.pem")?;
    openssl(folder, "x509 -in csca.pem -outform DER -out csca.der")?;
    openssl(folder, &format!("genpkey {signer} -out ds.key"))?;
    openssl(folder, "req -new -key ds.key -subj /C=DE/CN=ds -config settings -out ds.csr")?;
    openssl(
        folder,
        "x509 -req -in ds.csr -CA csca.pem -CAkey csca.key -set_serial 77 -days 3000 -sha256 -extfile settings -extensions ds -out ds.pem",
    )?;
    let sign =
        "cms -sign -binary -in list -econtent_type 2.23.136.1.1.1 -nodetach -nosmimecap -signer ds.pem -inkey ds.key -outform DER -out sod";
    openssl(folder, &format!("{sign} {signing}"))
}

#[test]
fn documents_signed_by_openssl_are_accepted() {
    let countries = [
        ("-algorithm RSA -pkeyopt rsa_keygen_bits:2048", "-algorithm EC -pkeyopt ec_paramgen_curve:P-256", "-md sha256"),
        (
            "-algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP384r1 -pkeyopt ec_param_enc:explicit",
            "-algorithm RSA -pkeyopt rsa_keygen_bits:2048",
            "-md sha256 -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:32",
        ),
        (
            "-algorithm EC -pkeyopt ec_paramgen_curve:P-521",
            "-algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP256r1 -pkeyopt ec_param_enc:explicit",
            "-md sha512",
        ),
    ];
    for (authority, signer, signing) in countries {
        let folder = tempfile::tempdir().unwrap();
        if issue(folder.path(), authority, signer, signing).is_none() {
            say("not checked: the openssl program is not here");
            return;
        }
        let bytes = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
        let mut trust = Trust::new();
        trust.add_certificate(&bytes("csca.der")).unwrap();
        let mut files = ChipFiles::new();
        files.insert(ElementaryFile::SecurityObject, encode(0x77, &bytes("sod")));
        files.insert(ElementaryFile::DataGroup(DataGroup::ZONE), zone_group(ZONE));
        files.insert(ElementaryFile::DataGroup(DataGroup::FACE), face_group(&PORTRAIT));
        let found = today(&files, &trust);
        assert_eq!(found.verdict, Verdict::Authentic, "{authority}, {signer}: {:#?}", found.outcomes);
        check(&found, ChipCheck::IssuingState, Status::Passed, None);
        assert_eq!(findings(&files, &Trust::new(), None).verdict, Verdict::Refused, "its certificates begin today");
    }
}

/// The program dates certificates with the clock of the machine.
fn today(files: &ChipFiles, trust: &Trust) -> visavis::documents::chip::ChipFindings {
    use visavis::documents::chip::{ChipRules, Question, verify};
    let now = time::OffsetDateTime::now_utc();
    let utc = visavis::units::UtcTime(i64::try_from(now.unix_timestamp_nanos() / 1_000_000).unwrap() + 1000);
    verify(&Question { files, trust, printed: None, today: now.date(), now: utc, rules: ChipRules::default() })
}
