//! A country that issues documents, made inside the test: authority, document signer, revocation lists, chips.

use sha2::{Digest as _, Sha256, Sha384};
use std::sync::OnceLock;
use visavis::documents::chip::tlv::encode;
use visavis::documents::chip::{ChipFiles, DataGroup, ElementaryFile, Trust};

pub const ZONE: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F2904157ZE184226B<<<<<18";

pub fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    encode(0x30, &parts.concat())
}

pub fn set(parts: &[Vec<u8>]) -> Vec<u8> {
    encode(0x31, &parts.concat())
}

pub fn integer(bytes: &[u8]) -> Vec<u8> {
    encode(0x02, bytes)
}

/// An OBJECT IDENTIFIER by its dotted text.
pub fn oid(text: &str) -> Vec<u8> {
    let arcs: Vec<u64> = text.split('.').map(|arc| arc.parse().unwrap()).collect();
    let mut bytes = Vec::new();
    for (i, arc) in [vec![arcs[0] * 40 + arcs[1]], arcs[2..].to_vec()].concat().into_iter().enumerate() {
        let mut groups = vec![(arc & 0x7F) as u8];
        let mut rest = arc >> 7;
        while rest > 0 {
            groups.push((rest & 0x7F) as u8 | 0x80);
            rest >>= 7;
        }
        groups.reverse();
        assert!(i > 0 || groups.len() == 1, "the first arc fits one byte");
        bytes.extend(groups);
    }
    encode(0x06, &bytes)
}

fn bits(bytes: &[u8]) -> Vec<u8> {
    encode(0x03, &[&[0], bytes].concat())
}

/// A name of country and common name.
pub fn name(country: &str, common: &str) -> Vec<u8> {
    let part = |kind: &str, tag: u32, text: &str| set(&[sequence(&[oid(kind), encode(tag, text.as_bytes())])]);
    sequence(&[part("2.5.4.6", 0x13, country), part("2.5.4.3", 0x0C, common)])
}

/// Kinds of key that countries sign with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    P256,
    P256Explicit,
    P384,
    P521,
    Brainpool256,
    Brainpool384,
    Rsa,
    RsaPss,
}

impl Kind {
    pub const ALL: [Self; 8] =
        [Self::P256, Self::P256Explicit, Self::P384, Self::P521, Self::Brainpool256, Self::Brainpool384, Self::Rsa, Self::RsaPss];
}

/// A private key.
#[derive(Clone, Copy)]
pub struct Key {
    kind: Kind,
    number: u8,
}

fn rsa_key(number: u8) -> &'static rsa::PrivateKey {
    static KEYS: [OnceLock<rsa::PrivateKey>; 3] = [const { OnceLock::new() }; 3];
    KEYS[usize::from(number) % 3].get_or_init(|| rsa::PrivateKey::new(&mut rand::rng(), 2048).unwrap())
}

fn scalar(number: u8, length: usize) -> Vec<u8> {
    let mut bytes = vec![number; length];
    bytes[0] = 0;
    bytes
}

/// The parameters of P-256 spelled out, with any generator.
pub fn spelled_out(generator: &[u8]) -> Vec<u8> {
    let hex = |text: &str| (0..text.len() / 2).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap()).collect::<Vec<u8>>();
    let positive = |text: &str| integer(&[&[0][..], &hex(text)].concat());
    let octets = |bytes: &[u8]| encode(0x04, bytes);
    sequence(&[
        integer(&[1]),
        sequence(&[oid("1.2.840.10045.1.1"), positive("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF")]),
        sequence(&[
            octets(&hex("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFC")),
            octets(&hex("5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B")),
        ]),
        octets(generator),
        positive("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"),
        integer(&[1]),
    ])
}

pub fn p256_generator() -> Vec<u8> {
    p256::SecretKey::from_slice(&[&[0; 31][..], &[1]].concat()).unwrap().public_key().to_sec1_bytes().to_vec()
}

macro_rules! with_curve {
    ($key:expr, $use:ident) => {
        match $key.kind {
            Kind::P256 | Kind::P256Explicit => $use!(p256::NistP256, 32),
            Kind::P384 => $use!(p384::NistP384, 48),
            Kind::P521 => $use!(p521::NistP521, 66),
            Kind::Brainpool256 => $use!(bp256::BrainpoolP256r1, 32),
            Kind::Brainpool384 => $use!(bp384::BrainpoolP384r1, 48),
            Kind::Rsa | Kind::RsaPss => unreachable!("no curve"),
        }
    };
}

impl Key {
    pub const fn new(kind: Kind, number: u8) -> Self {
        Self { kind, number }
    }

    /// SubjectPublicKeyInfo.
    pub fn public(self) -> Vec<u8> {
        if matches!(self.kind, Kind::Rsa | Kind::RsaPss) {
            use rsa::pkcs8::EncodePublicKey as _;
            return rsa_key(self.number).to_public_key().to_public_key_der().unwrap().as_bytes().to_vec();
        }
        macro_rules! point {
            ($curve:ty, $length:expr) => {{
                let key = ecdsa::SigningKey::<$curve>::from_slice(&scalar(self.number, $length)).unwrap();
                key.verifying_key().to_sec1_point(false).as_bytes().to_vec()
            }};
        }
        let point: Vec<u8> = with_curve!(self, point);
        let parameters = match self.kind {
            Kind::P256 => oid("1.2.840.10045.3.1.7"),
            Kind::P384 => oid("1.3.132.0.34"),
            Kind::P521 => oid("1.3.132.0.35"),
            Kind::Brainpool256 => oid("1.3.36.3.3.2.8.1.1.7"),
            Kind::Brainpool384 => oid("1.3.36.3.3.2.8.1.1.11"),
            _ => spelled_out(&p256_generator()),
        };
        sequence(&[sequence(&[oid("1.2.840.10045.2.1"), parameters]), bits(&point)])
    }

    /// AlgorithmIdentifier of its signatures: SHA-384 with P-384 and brainpoolP384r1, SHA-256 otherwise.
    pub fn algorithm(self) -> Vec<u8> {
        let null = vec![5, 0];
        let sha256 = || sequence(&[oid("2.16.840.1.101.3.4.2.1"), vec![5, 0]]);
        match self.kind {
            Kind::P384 | Kind::Brainpool384 => sequence(&[oid("1.2.840.10045.4.3.3")]),
            Kind::Rsa => sequence(&[oid("1.2.840.113549.1.1.11"), null]),
            Kind::RsaPss => sequence(&[
                oid("1.2.840.113549.1.1.10"),
                sequence(&[
                    encode(0xA0, &sha256()),
                    encode(0xA1, &sequence(&[oid("1.2.840.113549.1.1.8"), sha256()])),
                    encode(0xA2, &integer(&[32])),
                ]),
            ]),
            _ => sequence(&[oid("1.2.840.10045.4.3.2")]),
        }
    }

    pub fn sign(self, data: &[u8]) -> Vec<u8> {
        let hash = if matches!(self.kind, Kind::P384 | Kind::Brainpool384) {
            Sha384::digest(data).to_vec()
        } else {
            Sha256::digest(data).to_vec()
        };
        match self.kind {
            Kind::Rsa => return rsa_key(self.number).pkcs1v15_sign_prehash::<Sha256>(&hash).unwrap(),
            Kind::RsaPss => return rsa_key(self.number).pss_sign_prehash_with_rng::<Sha256, _>(&mut rand::rng(), &hash).unwrap(),
            _ => {}
        }
        macro_rules! signature {
            ($curve:ty, $length:expr) => {{
                let key = ecdsa::SigningKey::<$curve>::from_slice(&scalar(self.number, $length)).unwrap();
                let mut number = vec![0; usize::saturating_sub($length, hash.len())];
                number.extend_from_slice(&hash);
                let (signature, _) = ecdsa::hazmat::sign_prehashed_rfc6979::<$curve, Sha256>(key.as_nonzero_scalar(), &number, &[]);
                signature.to_der().as_bytes().to_vec()
            }};
        }
        with_curve!(self, signature)
    }

    fn identifier(self) -> Vec<u8> {
        Sha256::digest(self.public())[..20].to_vec()
    }
}

/// What a certificate is to say; changed by tests to say something wrong.
#[derive(Clone)]
pub struct Certificate {
    pub key: Key,
    pub subject: Vec<u8>,
    pub serial: Vec<u8>,
    /// UTCTime texts.
    pub validity: (&'static str, &'static str),
    /// Bits of key usage from the first: 0x80 signatures, 0x04 certificates, 0x02 revocation lists; `None` leaves it out.
    pub usage: Option<u8>,
    pub is_authority: bool,
    /// More extensions, whole.
    pub more: Vec<Vec<u8>>,
    /// Whether key identifiers are written.
    pub key_identifiers: bool,
}

/// An extension.
pub fn extension(id: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { vec![1, 1, 0xFF] } else { vec![] };
    sequence(&[oid(id), critical, encode(0x04, value)])
}

impl Certificate {
    pub fn authority(key: Key, subject: Vec<u8>) -> Self {
        let validity = ("200101000000Z", "350101000000Z");
        Self { key, subject, serial: vec![1], validity, usage: Some(0x06), is_authority: true, more: vec![], key_identifiers: true }
    }

    pub fn signer(key: Key, subject: Vec<u8>) -> Self {
        let validity = ("240101000000Z", "340101000000Z");
        Self {
            key,
            subject,
            serial: vec![0x00, 0x9A, 7],
            validity,
            usage: Some(0x80),
            is_authority: false,
            more: vec![],
            key_identifiers: true,
        }
    }

    /// The certificate, issued under a name with a key.
    pub fn issue(&self, issuer: &[u8], key: Key) -> Vec<u8> {
        let mut extensions = self.more.clone();
        if let Some(usage) = self.usage {
            extensions.push(extension("2.5.29.15", true, &encode(0x03, &[usage.trailing_zeros() as u8, usage])));
        }
        if self.is_authority {
            extensions.push(extension("2.5.29.19", true, &sequence(&[vec![1, 1, 0xFF], integer(&[0])])));
        }
        if self.key_identifiers {
            extensions.push(extension("2.5.29.14", false, &encode(0x04, &self.key.identifier())));
            extensions.push(extension("2.5.29.35", false, &sequence(&[encode(0x80, &key.identifier())])));
        }
        let time = |text: &str| encode(0x17, text.as_bytes());
        let signed = sequence(&[
            encode(0xA0, &integer(&[2])),
            integer(&self.serial),
            key.algorithm(),
            issuer.to_vec(),
            sequence(&[time(self.validity.0), time(self.validity.1)]),
            self.subject.clone(),
            self.key.public(),
            encode(0xA3, &sequence(&extensions)),
        ]);
        let signature = key.sign(&signed);
        sequence(&[signed, key.algorithm(), bits(&signature)])
    }
}

/// A revocation list with serial numbers.
pub fn revocation_list(issuer: &[u8], key: Key, updates: (&str, &str), serials: &[&[u8]]) -> Vec<u8> {
    let time = |text: &str| encode(0x17, text.as_bytes());
    let revoked: Vec<Vec<u8>> = serials.iter().map(|s| sequence(&[integer(s), time("260101000000Z")])).collect();
    let mut fields = vec![integer(&[1]), key.algorithm(), issuer.to_vec(), time(updates.0), time(updates.1)];
    if !revoked.is_empty() {
        fields.push(sequence(&revoked));
    }
    let signed = sequence(&fields);
    let signature = key.sign(&signed);
    sequence(&[signed, key.algorithm(), bits(&signature)])
}

/// A whole country.
#[derive(Clone)]
pub struct Country {
    pub authority: Certificate,
    pub signer: Certificate,
    /// Under which name the signer's certificate is issued.
    pub issuer: Vec<u8>,
    /// With which key the signer's certificate is issued.
    pub issuing_key: Key,
}

impl Country {
    /// A country whose documents are those of Utopia; specimens name no country of two letters, so it signs as `UTO`.
    pub fn new(kind: Kind) -> Self {
        let authority = Certificate::authority(Key::new(kind, 1), name("UTO", "Utopia CSCA"));
        let signer = Certificate::signer(Key::new(kind, 2), name("UTO", "Utopia DS 1"));
        Self { issuer: authority.subject.clone(), issuing_key: authority.key, authority, signer }
    }

    pub fn trust(&self) -> Trust {
        let mut trust = Trust::new();
        trust.add_certificate(&self.authority.issue(&self.authority.subject, self.authority.key)).unwrap();
        trust
    }

    /// EF.SOD over data groups; `version` 0 or 1 of the list.
    pub fn security_object(&self, groups: &[(u8, Vec<u8>)], version: u8) -> Vec<u8> {
        let sha256 = sequence(&[oid("2.16.840.1.101.3.4.2.1"), vec![5, 0]]);
        let entry = |(number, file): &(u8, Vec<u8>)| sequence(&[integer(&[*number]), encode(0x04, &Sha256::digest(file))]);
        let mut list = vec![integer(&[version]), sha256.clone(), sequence(&groups.iter().map(entry).collect::<Vec<_>>())];
        if version == 1 {
            list.push(sequence(&[encode(0x13, b"0108"), encode(0x13, b"140000")]));
        }
        let content = sequence(&list);
        let attribute = |id: &str, value: Vec<u8>| sequence(&[oid(id), set(&[value])]);
        let attributes = [
            attribute("1.2.840.113549.1.9.3", oid("2.23.136.1.1.1")),
            attribute("1.2.840.113549.1.9.4", encode(0x04, &Sha256::digest(&content))),
        ]
        .concat();
        let signature = self.signer.key.sign(&encode(0x31, &attributes));
        let certificate = self.signer.issue(&self.issuer, self.issuing_key);
        let info = sequence(&[
            integer(&[1]),
            sequence(&[self.issuer.clone(), integer(&self.signer.serial)]),
            sha256.clone(),
            encode(0xA0, &attributes),
            self.signer.key.algorithm(),
            encode(0x04, &signature),
        ]);
        let signed = sequence(&[
            integer(&[3]),
            set(&[sha256]),
            sequence(&[oid("2.23.136.1.1.1"), encode(0xA0, &encode(0x04, &content))]),
            encode(0xA0, &certificate),
            set(&[info]),
        ]);
        encode(0x77, &sequence(&[oid("1.2.840.113549.1.7.2"), encode(0xA0, &signed)]))
    }

    /// A chip with zone and portrait.
    pub fn chip(&self) -> ChipFiles {
        let groups = [(1, zone_group(ZONE)), (2, face_group(&PORTRAIT))];
        let mut files = ChipFiles::new();
        files.insert(ElementaryFile::SecurityObject, self.security_object(&groups, 0));
        files.insert(ElementaryFile::Common, common(&[0x61, 0x75]));
        for (number, bytes) in groups {
            files.insert(ElementaryFile::DataGroup(DataGroup::new(number).unwrap()), bytes);
        }
        files
    }
}

pub fn common(tags: &[u8]) -> Vec<u8> {
    encode(0x60, &[encode(0x5F01, b"0107"), encode(0x5F36, b"040000"), encode(0x5C, tags)].concat())
}

pub fn zone_group(zone: &str) -> Vec<u8> {
    encode(0x61, &encode(0x5F1F, zone.as_bytes()))
}

/// The start of a JPEG; what follows matters to nobody who does not decode it.
pub const PORTRAIT: [u8; 40] = {
    let mut bytes = [0x5A; 40];
    (bytes[0], bytes[1], bytes[2], bytes[3]) = (0xFF, 0xD8, 0xFF, 0xE0);
    bytes
};

/// DG2 with one face of two feature points.
pub fn face_group(picture: &[u8]) -> Vec<u8> {
    let points = [0; 16];
    let mut information = vec![0; 20];
    information[4..6].copy_from_slice(&2_u16.to_be_bytes());
    let image = [1, 0, 1, 0x2C, 1, 0x90, 1, 2, 0, 0, 0, 0];
    let length = 20 + points.len() + image.len() + picture.len();
    information[..4].copy_from_slice(&(length as u32).to_be_bytes());
    let header = [b"FAC\x00010\x00".to_vec(), ((14 + length) as u32).to_be_bytes().to_vec(), vec![0, 1]].concat();
    let record = [header, information, points.to_vec(), image.to_vec(), picture.to_vec()].concat();
    let biometric_header = encode(0xA1, &[encode(0x81, &[2]), encode(0x87, &[1, 1]), encode(0x88, &[0, 8])].concat());
    encode(0x75, &encode(0x7F61, &[integer(&[1]), encode(0x7F60, &[biometric_header, encode(0x5F2E, &record)].concat())].concat()))
}
