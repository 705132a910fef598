//! EF.SOD: a CMS SignedData around the hashes of all data groups.
//!
//! Read by position, so that what was signed is hashed exactly as it stands. Nothing here is verified.

use super::algorithms::{HashFunction, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET, Scheme, SignatureFault, identifier};
use super::files::DataGroup;
use super::tlv::{Objects, Tlv, TlvError, encode, only, small_integer};
use x509_cert::der::asn1::ObjectIdentifier;

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

const SIGNED_DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.2");
/// Of Doc 9303, and two that older chips carry.
const SECURITY_OBJECT: [ObjectIdentifier; 3] = [oid("2.23.136.1.1.1"), oid("1.3.27.1.1.1"), oid("1.2.528.1.1006.1.20.1")];
const CONTENT_TYPE: ObjectIdentifier = oid("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = oid("1.2.840.113549.1.9.4");
const SIGNING_TIME: ObjectIdentifier = oid("1.2.840.113549.1.9.5");

/// Attributes that are looked at; issuers sign two or three.
const MOST_ATTRIBUTES: usize = 32;

/// Why EF.SOD cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecurityObjectFault {
    /// The bytes are not what they should be.
    #[error(transparent)]
    Encoding(#[from] TlvError),
    /// An algorithm is not read here.
    #[error(transparent)]
    Algorithm(#[from] SignatureFault),
    /// It signs something else than data groups.
    #[error("it holds no hashes of data groups")]
    OtherContent,
    /// A data group is listed twice, has a number that there is not, or a hash of the wrong length.
    #[error("its list of data groups contradicts itself")]
    List,
    /// There is no signer, or more than one.
    #[error("it has {0} signers, one is expected")]
    Signers(usize),
}

/// How the signer's certificate is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SignerName {
    /// The issuer's name (DER) and the serial number's bytes.
    IssuerAndSerial { issuer: Vec<u8>, serial: Vec<u8> },
    /// The subject key identifier.
    KeyIdentifier(Vec<u8>),
}

/// What the signer signed, and with what.
#[derive(Debug, Clone)]
pub(super) struct Signer {
    pub(super) name: SignerName,
    pub(super) digest: HashFunction,
    pub(super) scheme: Result<Scheme, SignatureFault>,
    pub(super) signature: Vec<u8>,
    pub(super) attributes: Option<SignedAttributes>,
}

#[derive(Debug, Clone)]
pub(super) struct SignedAttributes {
    /// As they are signed: a SET, although they are sent under another tag.
    pub(super) signed: Vec<u8>,
    pub(super) content_type: Option<ObjectIdentifier>,
    pub(super) message_digest: Option<Vec<u8>>,
    /// The time as the value of its object, and its tag.
    pub(super) signing_time: Option<(u32, Vec<u8>)>,
}

/// EF.SOD as read.
#[derive(Debug, Clone)]
pub(super) struct SecurityObject {
    pub(super) content_type: ObjectIdentifier,
    /// The bytes that the message digest covers.
    pub(super) content: Vec<u8>,
    pub(super) hash: HashFunction,
    pub(super) hashes: Vec<(DataGroup, Vec<u8>)>,
    /// LDS version and Unicode version, where they are signed.
    pub(super) versions: Option<(String, String)>,
    pub(super) certificates: Vec<Vec<u8>>,
    pub(super) signer: Signer,
}

impl SecurityObject {
    /// Reads the file, tag and length included.
    ///
    /// # Errors
    /// [`SecurityObjectFault`].
    pub(super) fn read(file: &[u8]) -> Result<Self, SecurityObjectFault> {
        let mut content_info = Objects::new(only(only(file, 0x77)?, SEQUENCE)?);
        if identifier(&content_info.take(OBJECT_IDENTIFIER)?)? != SIGNED_DATA {
            return Err(SecurityObjectFault::OtherContent);
        }
        let mut fields = Objects::new(only(content_info.take(0xA0)?.value, SEQUENCE)?);
        content_info.end()?;
        fields.take(INTEGER)?;
        fields.take(SET)?;
        let mut encapsulated = Objects::new(fields.take(SEQUENCE)?.value);
        let content_type = identifier(&encapsulated.take(OBJECT_IDENTIFIER)?)?;
        if !SECURITY_OBJECT.contains(&content_type) {
            return Err(SecurityObjectFault::OtherContent);
        }
        let content = only(encapsulated.take(0xA0)?.value, OCTET_STRING)?;
        encapsulated.end()?;
        let mut certificates = Vec::new();
        if let Some(set) = fields.take_if(0xA0)? {
            let mut list = Objects::new(set.value);
            while let Some(certificate) = list.next()? {
                certificates.push(certificate.raw.to_vec());
            }
        }
        // Revocation lists inside: whoever signs the document has no say about them.
        fields.take_if(0xA1)?;
        let signer = only_signer(fields.take(SET)?.value)?;
        fields.end()?;
        let (hash, hashes, versions) = list(content)?;
        Ok(Self { content_type, content: content.to_vec(), hash, hashes, versions, certificates, signer })
    }

    /// The hash of a data group; `None` if it is not listed.
    pub(super) fn hash_of(&self, group: DataGroup) -> Option<&[u8]> {
        self.hashes.iter().find(|(g, _)| *g == group).map(|(_, hash)| hash.as_slice())
    }
}

type List = (HashFunction, Vec<(DataGroup, Vec<u8>)>, Option<(String, String)>);

/// LDSSecurityObject.
fn list(content: &[u8]) -> Result<List, SecurityObjectFault> {
    let mut fields = Objects::new(only(content, SEQUENCE)?);
    let version = small_integer(&fields.take(INTEGER)?)?;
    let hash = HashFunction::read(fields.take(SEQUENCE)?.value)?;
    let length = hash.hash(&[]).len();
    let mut hashes: Vec<(DataGroup, Vec<u8>)> = Vec::new();
    let mut entries = Objects::new(fields.take(SEQUENCE)?.value);
    while let Some(entry) = entries.next()? {
        let mut entry = Objects::new(only(entry.raw, SEQUENCE)?);
        let number = small_integer(&entry.take(INTEGER)?)?;
        let value = entry.take(OCTET_STRING)?.value;
        entry.end()?;
        let group = u8::try_from(number).ok().and_then(DataGroup::new).ok_or(SecurityObjectFault::List)?;
        if value.len() != length || hashes.iter().any(|(g, _)| *g == group) {
            return Err(SecurityObjectFault::List);
        }
        hashes.push((group, value.to_vec()));
    }
    let versions = match (version, fields.take_if(SEQUENCE)?) {
        (0, None) => None,
        (1, Some(info)) => {
            let mut info = Objects::new(info.value);
            let text = |o: Tlv<'_>| String::from_utf8_lossy(o.value).into_owned();
            Some((text(info.take(0x13)?), text(info.take(0x13)?)))
        }
        _ => return Err(SecurityObjectFault::OtherContent),
    };
    fields.end()?;
    Ok((hash, hashes, versions))
}

fn only_signer(infos: &[u8]) -> Result<Signer, SecurityObjectFault> {
    let mut infos = Objects::new(infos);
    let mut found = Vec::new();
    while let Some(info) = infos.next()? {
        found.push(info);
    }
    let [info] = found.as_slice() else { return Err(SecurityObjectFault::Signers(found.len())) };
    let mut fields = Objects::new(only(info.raw, SEQUENCE)?);
    fields.take(INTEGER)?;
    let name = match fields.next()? {
        Some(Tlv { tag: SEQUENCE, value, .. }) => {
            let mut name = Objects::new(value);
            let issuer = name.take(SEQUENCE)?.raw.to_vec();
            SignerName::IssuerAndSerial { issuer, serial: name.take(INTEGER)?.value.to_vec() }
        }
        Some(Tlv { tag: 0x80, value, .. }) => SignerName::KeyIdentifier(value.to_vec()),
        Some(Tlv { tag, .. }) => return Err(TlvError::Unexpected { expected: SEQUENCE, found: tag }.into()),
        None => return Err(TlvError::Missing { expected: SEQUENCE }.into()),
    };
    let digest = HashFunction::read(fields.take(SEQUENCE)?.value)?;
    let attributes = fields.take_if(0xA0)?.map(|set| signed_attributes(set.value)).transpose()?;
    let scheme = Scheme::read(fields.take(SEQUENCE)?.value, Some(digest));
    let signature = fields.take(OCTET_STRING)?.value.to_vec();
    fields.take_if(0xA1)?;
    fields.end()?;
    Ok(Signer { name, digest, scheme, signature, attributes })
}

fn signed_attributes(set: &[u8]) -> Result<SignedAttributes, SecurityObjectFault> {
    let mut read = SignedAttributes { signed: encode(SET, set), content_type: None, message_digest: None, signing_time: None };
    let mut attributes = Objects::new(set);
    let mut seen = Vec::new();
    while let Some(attribute) = attributes.next()? {
        let mut fields = Objects::new(only(attribute.raw, SEQUENCE)?);
        let kind = identifier(&fields.take(OBJECT_IDENTIFIER)?)?;
        let mut values = Objects::new(fields.take(SET)?.value);
        fields.end()?;
        if seen.contains(&kind) || seen.len() == MOST_ATTRIBUTES {
            return Err(TlvError::Value { tag: SET }.into());
        }
        seen.push(kind);
        let value = values.next()?.ok_or(TlvError::Missing { expected: OCTET_STRING })?;
        if kind == CONTENT_TYPE {
            read.content_type = Some(identifier(&value)?);
            values.end()?;
        } else if kind == MESSAGE_DIGEST {
            read.message_digest = Some(only(value.raw, OCTET_STRING)?.to_vec());
            values.end()?;
        } else if kind == SIGNING_TIME {
            read.signing_time = Some((value.tag, value.value.to_vec()));
            values.end()?;
        }
    }
    Ok(read)
}
