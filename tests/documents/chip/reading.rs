//! A chip simulated behind its protocol: basic access, protected files, refusals and damage on the way.

use super::issuer::{Country, Kind};
use std::cell::RefCell;
use std::fmt;
use visavis::documents::chip::access::{
    AccessError, AccessKey, Cipher, Command, Progress, Response, SecureMessaging, key_information, read_chip,
};
use visavis::documents::chip::tlv::{Objects, encode};
use visavis::documents::chip::{ChipFiles, DataGroup, ElementaryFile};
use zeroize::Zeroizing;

/// The reader lost the chip.
#[derive(Debug, PartialEq, Eq)]
struct Lost;

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("lost")
    }
}

impl std::error::Error for Lost {}

const INFORMATION: (&str, &str, &str) = ("L898902C3", "740812", "290415");
/// What the chip answers with in place of random bytes, and its half of the key.
const CHALLENGE: [u8; 8] = [0x46, 0x08, 0xF9, 0x19, 0x88, 0x70, 0x22, 0x12];
const CHIP_KEY: [u8; 16] = [0x0B; 16];

/// A chip that speaks basic access control, and nothing else without it.
struct Chip {
    files: ChipFiles,
    secret: Vec<u8>,
    session: Option<Mirror>,
    selected: Option<ElementaryFile>,
}

/// The chip's side of a session: what the reader's side does, the other way round, with its own cipher calls.
struct Mirror {
    encryption: Zeroizing<Vec<u8>>,
    authentication: Zeroizing<Vec<u8>>,
    counter: u64,
}

fn cbc(key: &[u8], data: &[u8], encrypt: bool) -> Vec<u8> {
    use aes::cipher::block_padding::NoPadding;
    use aes::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
    if encrypt {
        cbc::Encryptor::<des::TdesEde2>::new_from_slices(key, &[0; 8]).unwrap().encrypt_padded_vec::<NoPadding>(data)
    } else {
        cbc::Decryptor::<des::TdesEde2>::new_from_slices(key, &[0; 8]).unwrap().decrypt_padded_vec::<NoPadding>(data).unwrap()
    }
}

fn padded(data: &[u8]) -> Vec<u8> {
    let mut padded = [data, &[0x80]].concat();
    padded.resize(padded.len().next_multiple_of(8), 0);
    padded
}

/// Retail MAC by another road: single DES is triple DES with equal halves.
fn mac(key: &[u8], data: &[u8]) -> Vec<u8> {
    let whole = padded(data);
    let single = [&key[..8], &key[..8]].concat();
    let chained = if whole.len() > 8 { cbc(&single, &whole[..whole.len() - 8], true) } else { vec![0; 8] };
    let last: Vec<u8> = chained[chained.len() - 8..].iter().zip(&whole[whole.len() - 8..]).map(|(a, b)| a ^ b).collect();
    cbc(key, &last, true)
}

impl Chip {
    fn new(files: ChipFiles) -> Self {
        let (number, birth, expiry) = INFORMATION;
        use sha1::Digest as _;
        let secret = sha1::Sha1::digest(key_information(number, birth, expiry).unwrap().as_bytes())[..16].to_vec();
        Self { files, secret, session: None, selected: None }
    }

    fn answer(&mut self, command: &[u8]) -> Vec<u8> {
        let status = |status: u16| status.to_be_bytes().to_vec();
        match (command[0], command[1]) {
            (0x00, 0xA4) if command[2] != 0x02 => status(0x9000),
            (0x00, 0x84) => [&CHALLENGE[..], &[0x90, 0]].concat(),
            (0x00, 0x82) => self.authenticate(&command[5..45]).unwrap_or_else(|| status(0x6300)),
            (0x0C, _) if self.session.is_some() => self.protected(command).unwrap_or_else(|| status(0x6988)),
            _ => status(0x6982),
        }
    }

    fn authenticate(&mut self, data: &[u8]) -> Option<Vec<u8>> {
        let (encryption, authentication) = (Cipher::TripleDes.derive(&self.secret, 1), Cipher::TripleDes.derive(&self.secret, 2));
        if mac(&authentication, &data[..32]) != data[32..] {
            return None;
        }
        let plain = cbc(&encryption, &data[..32], false);
        let shared: Vec<u8> = plain[16..].iter().zip(CHIP_KEY).map(|(a, b)| a ^ b).collect();
        let counter = u64::from_be_bytes([&CHALLENGE[4..], &plain[4..8]].concat().try_into().unwrap());
        self.session = Some(Mirror {
            encryption: Cipher::TripleDes.derive(&shared, 1),
            authentication: Cipher::TripleDes.derive(&shared, 2),
            counter,
        });
        let sealed = cbc(&encryption, &[&CHALLENGE[..], &plain[..8], &CHIP_KEY].concat(), true);
        Some([&sealed[..], &mac(&authentication, &sealed), &[0x90, 0]].concat())
    }

    fn protected(&mut self, command: &[u8]) -> Option<Vec<u8>> {
        let session = self.session.as_mut()?;
        session.counter += 1;
        let body = &command[5..command.len() - 1];
        let mut objects = Objects::new(body);
        let (mut data, mut covered, mut expected) = (Vec::new(), Vec::new(), 0);
        while let Some(object) = objects.next().ok()? {
            match object.tag {
                0x87 | 0x85 => {
                    let sealed = if object.tag == 0x87 { &object.value[1..] } else { object.value };
                    let plain = cbc(&session.encryption, sealed, false);
                    data = plain[..plain.iter().rposition(|b| *b == 0x80)?].to_vec();
                }
                0x97 => expected = usize::from(object.value[0]),
                0x8E => {
                    let header = padded(&command[..4]);
                    let input = [&session.counter.to_be_bytes()[..], &header, &covered].concat();
                    if mac(&session.authentication, &input) != object.value {
                        return None;
                    }
                    continue;
                }
                _ => return None,
            }
            covered.extend_from_slice(object.raw);
        }
        let (answer, status) = self.do_it(command[1], [command[2], command[3]], &data, expected);
        let session = self.session.as_mut()?;
        session.counter += 1;
        let sealed =
            if answer.is_empty() { vec![] } else { encode(0x87, &[vec![1], cbc(&session.encryption, &padded(&answer), true)].concat()) };
        let said = [sealed, encode(0x99, &status.to_be_bytes())].concat();
        let proof = mac(&session.authentication, &[&session.counter.to_be_bytes()[..], &said].concat());
        Some([said, encode(0x8E, &proof), vec![0x90, 0]].concat())
    }

    fn do_it(&mut self, instruction: u8, parameters: [u8; 2], data: &[u8], expected: usize) -> (Vec<u8>, u16) {
        match instruction {
            0xA4 => {
                let wanted = u16::from_be_bytes([data[0], data[1]]);
                self.selected = self.files.iter().map(|(f, _)| f).find(|f| f.identifier() == wanted);
                (vec![], if self.selected.is_some() { 0x9000 } else { 0x6A82 })
            }
            0xB0 | 0xB1 => {
                let Some(bytes) = self.selected.and_then(|f| self.files.get(f)) else { return (vec![], 0x6986) };
                let odd = instruction == 0xB1;
                let offset = if odd {
                    data[2..].iter().fold(0, |n, b| n << 8 | usize::from(*b))
                } else {
                    usize::from(u16::from_be_bytes(parameters))
                };
                let wanted = if odd { expected - 4 } else { expected };
                let end = (offset + wanted).min(bytes.len());
                let part = bytes[offset.min(end)..end].to_vec();
                (if odd { encode(0x53, &part) } else { part }, if end < offset + wanted { 0x6282 } else { 0x9000 })
            }
            _ => (vec![], 0x6D00),
        }
    }
}

fn key(number: &str) -> AccessKey {
    AccessKey::Zone(Zeroizing::new(key_information(number, INFORMATION.1, INFORMATION.2).unwrap()))
}

/// Reads a simulated chip; `on_the_way` may change the n-th answer.
fn read(
    files: ChipFiles,
    number: &str,
    mut on_the_way: impl FnMut(usize, Vec<u8>) -> Result<Vec<u8>, Lost>,
) -> (Result<ChipFiles, AccessError<Lost>>, Vec<Progress>) {
    let chip = RefCell::new(Chip::new(files));
    let (mut count, mut progress) = (0, Vec::new());
    let mut transmit = |command: &[u8]| {
        let answer = chip.borrow_mut().answer(command);
        count += 1;
        on_the_way(count - 1, answer)
    };
    let read = read_chip(&key(number), &mut |out| out.fill(0x5C), &mut transmit, &mut |p| progress.push(p));
    (read, progress)
}

/// A chip with a portrait so long that its end needs the other READ BINARY.
fn files() -> ChipFiles {
    let mut files = Country::new(Kind::P256).chip();
    let long = super::issuer::face_group(&[&super::issuer::PORTRAIT[..], &vec![0x77; 40_000]].concat());
    files.insert(ElementaryFile::DataGroup(DataGroup::FACE), long);
    files
}

#[test]
fn every_file_is_read_as_it_stands_in_the_chip() {
    let (read, progress) = read(files(), INFORMATION.0, |_, answer| Ok(answer));
    assert_eq!(read, Ok(files()));
    let last = progress.iter().rfind(|p| p.file == ElementaryFile::DataGroup(DataGroup::FACE)).unwrap();
    assert_eq!(last.read, last.length);
    assert!(last.length > 40_000);
    let in_order = progress.windows(2).all(|p| p[0].file != p[1].file || p[0].read <= p[1].read);
    assert!(in_order);
}

#[test]
fn a_wrong_number_opens_nothing() {
    let (read, progress) = read(files(), "L898902C8", |_, answer| Ok(answer));
    assert_eq!(read, Err(AccessError::WrongKey));
    assert!(progress.is_empty());
}

#[test]
fn changed_answers_and_lost_chips_end_the_reading() {
    let mut count = 0;
    let (whole, _) = read(Country::new(Kind::P256).chip(), INFORMATION.0, |n, answer| {
        count = n;
        Ok(answer)
    });
    assert!(whole.is_ok());
    for at in 0..=count {
        let (lost, _) = read(Country::new(Kind::P256).chip(), INFORMATION.0, |n, answer| if n == at { Err(Lost) } else { Ok(answer) });
        assert_eq!(lost, Err(AccessError::Reader(Lost)), "answer {at}");
        // The first four come before there is a session: SELECT twice, GET CHALLENGE, EXTERNAL AUTHENTICATE.
        if at >= 4 {
            let (changed, _) = read(Country::new(Kind::P256).chip(), INFORMATION.0, |n, mut answer| {
                if n == at {
                    let middle = answer.len() / 2;
                    answer[middle] ^= 1;
                }
                Ok(answer)
            });
            assert_eq!(changed, Err(AccessError::Integrity), "answer {at}");
        }
    }
}

#[test]
fn a_file_that_claims_too_much_is_not_read() {
    let mut files = Country::new(Kind::P256).chip();
    files.insert(ElementaryFile::DataGroup(DataGroup::FACE), vec![0x75, 0x83, 0x20, 0, 0, 1, 2, 3]);
    let (read, _) = read(files, INFORMATION.0, |_, answer| Ok(answer));
    assert!(matches!(read, Err(AccessError::FileLength { bytes, .. }) if bytes == 0x0020_0005), "{read:?}");
}

/// What one side of a session protects with AES the other reads: the same keys and counters, both roads.
#[test]
fn protected_commands_differ_every_time() {
    for cipher in [Cipher::TripleDes, Cipher::Aes128, Cipher::Aes192, Cipher::Aes256] {
        let mut session = SecureMessaging::new(cipher, &[7; 16], [0; 8]);
        let command = Command::select(0x0101);
        let first = session.protect(&command).unwrap();
        let second = session.protect(&command).unwrap();
        assert_ne!(first, second, "{cipher:?}");
        assert_eq!(first.class, 0x0C);
        assert_eq!(session.unprotect(&Response { data: vec![], status: 0x6988 }), None, "a bare refusal ends the session");
    }
}
