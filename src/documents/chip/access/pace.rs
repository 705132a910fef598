//! Password authenticated connection establishment (Doc 9303-11 section 4.4) with the generic mapping on elliptic curves.
//!
//! The integrated mapping and Diffie-Hellman over numbers are not spoken; chips that offer only those are opened by BAC where they have it.

use super::AccessError;
use super::agreement::{is_private_key, map, multiply};
use super::apdu::{Command, Response};
use super::cipher::Cipher;
use super::keys::AccessKey;
use super::secure_messaging::SecureMessaging;
use crate::documents::chip::tlv::{Objects, TlvError, encode, only};
use zeroize::Zeroizing;

/// Curves of the standardised domain parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaceCurve {
    /// Parameters 12.
    NistP256,
    /// Parameters 13.
    BrainpoolP256,
    /// Parameters 15.
    NistP384,
    /// Parameters 16.
    BrainpoolP384,
    /// Parameters 18.
    NistP521,
}

impl PaceCurve {
    const fn of_parameters(number: u8) -> Option<Self> {
        Some(match number {
            12 => Self::NistP256,
            13 => Self::BrainpoolP256,
            15 => Self::NistP384,
            16 => Self::BrainpoolP384,
            18 => Self::NistP521,
            _ => return None,
        })
    }

    /// Bytes of a private key and of each coordinate.
    #[must_use]
    pub const fn number_bytes(self) -> usize {
        match self {
            Self::NistP256 | Self::BrainpoolP256 => 32,
            Self::NistP384 | Self::BrainpoolP384 => 48,
            Self::NistP521 => 66,
        }
    }
}

/// One way of PACE that a chip offers and that is spoken here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaceInfo {
    /// The protocol's object identifier, as bytes.
    identifier: Vec<u8>,
    /// The number of the domain parameters.
    parameters: u8,
    cipher: Cipher,
    curve: PaceCurve,
}

/// 0.4.0.127.0.7.2.2.4
const PACE: [u8; 8] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04];

impl PaceInfo {
    /// The strongest way that EF.CardAccess offers and that is spoken here; `None` if there is none.
    ///
    /// # Errors
    /// [`TlvError`] if the file cannot be read.
    pub fn strongest(card_access: &[u8]) -> Result<Option<Self>, TlvError> {
        let mut infos = Objects::new(only(card_access, 0x31)?);
        let mut strongest: Option<Self> = None;
        while let Some(info) = infos.next()? {
            let found = Self::read(info.value)?;
            let better = |a: &Self, b: &Self| (a.cipher as u8, a.curve.number_bytes()) > (b.cipher as u8, b.curve.number_bytes());
            if let Some(found) = found.filter(|f| strongest.as_ref().is_none_or(|s| better(f, s))) {
                strongest = Some(found);
            }
        }
        Ok(strongest)
    }

    fn read(info: &[u8]) -> Result<Option<Self>, TlvError> {
        let mut fields = Objects::new(info);
        let identifier = fields.take(0x06)?.value.to_vec();
        let Some([mapping, cipher]) = identifier.strip_prefix(&PACE) else { return Ok(None) };
        let cipher = match cipher {
            1 => Cipher::TripleDes,
            2 => Cipher::Aes128,
            3 => Cipher::Aes192,
            4 => Cipher::Aes256,
            _ => return Ok(None),
        };
        // Chip authentication mapping (6) is the generic one (2) with a proof added at the end, which is not looked at.
        if !matches!(mapping, 2 | 6) {
            return Ok(None);
        }
        fields.take(0x02)?;
        let parameters = fields.take_if(0x02)?.and_then(|p| p.value.last().copied());
        let curve = parameters.and_then(|p| Some((p, PaceCurve::of_parameters(p)?)));
        Ok(curve.map(|(parameters, curve)| Self { identifier, parameters, cipher, curve }))
    }
}

/// Agrees on a session. `random`: fills bytes that were never used before.
///
/// # Errors
/// [`AccessError`]; [`AccessError::WrongKey`] if the chip shows that it had another key.
pub fn pace<E: std::error::Error + 'static>(
    info: &PaceInfo,
    key: &AccessKey,
    random: &mut dyn FnMut(&mut [u8]),
    transmit: &mut dyn FnMut(&Command) -> Result<Response, E>,
) -> Result<SecureMessaging, AccessError<E>> {
    let PaceInfo { curve, cipher, .. } = *info;
    let template = [encode(0x80, &info.identifier), encode(0x83, &[key.reference()]), encode(0x84, &[info.parameters])].concat();
    let set = transmit(&Command::set_authentication_template(template)).map_err(AccessError::Reader)?;
    if set.status != Response::OK {
        return Err(AccessError::Status { command: "MSE:Set AT", status: set.status });
    }
    let sealed = exchange(None, 0x80, false, transmit)?;
    let nonce_key = cipher.derive(&key.secret(), 3);
    let nonce = cipher.decrypt(&nonce_key, &vec![0; cipher.block()], &sealed).map(Zeroizing::new).ok_or(AccessError::Integrity)?;
    let broken = || AccessError::Integrity;
    let mapping_key = private_key(curve, random).ok_or_else(broken)?;
    let ours = multiply(curve, None, &mapping_key).ok_or_else(broken)?;
    let theirs = exchange(Some((0x81, &ours)), 0x82, false, transmit)?;
    let shared = multiply(curve, Some(&theirs), &mapping_key).map(Zeroizing::new).ok_or_else(broken)?;
    let generator = map(curve, &nonce, &shared).map(Zeroizing::new).ok_or_else(broken)?;
    let agreement_key = private_key(curve, random).ok_or_else(broken)?;
    let ours = multiply(curve, Some(&generator), &agreement_key).ok_or_else(broken)?;
    let theirs = exchange(Some((0x83, &ours)), 0x84, false, transmit)?;
    if ours == theirs {
        return Err(AccessError::Integrity);
    }
    let shared = multiply(curve, Some(&theirs), &agreement_key).map(Zeroizing::new).ok_or_else(broken)?;
    let session = SecureMessaging::new(cipher, &shared[1..=curve.number_bytes()], [0; 8]);
    let token = |point: &[u8]| {
        let object = encode(0x7F49, &[encode(0x06, &info.identifier), encode(0x86, point)].concat());
        session.authenticate(&object)
    };
    let (our_token, their_token) = (token(&theirs).ok_or_else(broken)?, token(&ours).ok_or_else(broken)?);
    let answer = exchange(Some((0x85, &our_token)), 0x86, true, transmit)?;
    if answer != their_token { Err(AccessError::WrongKey) } else { Ok(session) }
}

/// One step: an object there, an object back.
fn exchange<E: std::error::Error + 'static>(
    object: Option<(u32, &[u8])>,
    wanted: u32,
    last: bool,
    transmit: &mut dyn FnMut(&Command) -> Result<Response, E>,
) -> Result<Vec<u8>, AccessError<E>> {
    let data = encode(0x7C, &object.map_or_else(Vec::new, |(tag, value)| encode(tag, value)));
    let answer = transmit(&Command::general_authenticate(data, last)).map_err(AccessError::Reader)?;
    match answer.status {
        Response::OK => Ok(Objects::new(only(&answer.data, 0x7C)?).find(wanted)?.value.to_vec()),
        0x6300..=0x63FF => Err(AccessError::WrongKey),
        status => Err(AccessError::Status { command: "GENERAL AUTHENTICATE", status }),
    }
}

/// A private key: random bytes, drawn again while they are out of the curve's range.
fn private_key(curve: PaceCurve, random: &mut dyn FnMut(&mut [u8])) -> Option<Zeroizing<Vec<u8>>> {
    const DRAWS: usize = 128;
    let mut key = Zeroizing::new(vec![0; curve.number_bytes()]);
    for _ in 0..DRAWS {
        random(&mut key);
        if curve == PaceCurve::NistP521 {
            // 521 bits in 66 bytes.
            key[0] &= 1;
        }
        if is_private_key(curve, &key) {
            return Some(key);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::chip::access::key_information;
    use std::convert::Infallible;

    fn bytes(hex: &str) -> Vec<u8> {
        let digits: Vec<u8> = hex.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
        digits.chunks(2).map(|p| u8::from_str_radix(std::str::from_utf8(p).expect("ASCII"), 16).expect("hexadecimal")).collect()
    }

    /// EF.CardAccess of Doc 9303-11, appendix G.1.
    fn card_access() -> Vec<u8> {
        bytes("3114 3012 060A 04007F00070202040202 020102 02010D")
    }

    const ANSWERS: [&str; 5] = [
        "9000",
        "7C128010 95A3A016522EE98D01E76CB6B98B42C3 9000",
        "7C438241 04 824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F57 30D8C879AAA9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C54 9000",
        "7C438441 04 9E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB 7764B22277A2EDDC3C265A9F018F9CB852E111B768B326904B59A0193776F094 9000",
        "7C0A8608 3ABB9674BCE93C08 9000",
    ];

    fn run(answers: &[String]) -> (Result<SecureMessaging, AccessError<Infallible>>, Vec<Vec<u8>>) {
        let key = AccessKey::Zone(Zeroizing::new(key_information("T22000129", "640812", "101031").expect("a key")));
        let info = PaceInfo::strongest(&card_access()).expect("readable").expect("spoken");
        let mut keys = [
            "7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99",
            "A73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595",
        ]
        .into_iter();
        let mut random = |out: &mut [u8]| out.copy_from_slice(&bytes(keys.next().expect("two keys are drawn")));
        let mut asked = Vec::new();
        let mut transmit = |command: &Command| {
            let answer = bytes(&answers[asked.len()]);
            asked.push(command.to_bytes());
            Ok(Response::from_bytes(&answer).expect("a status"))
        };
        let session = pace(&info, &key, &mut random, &mut transmit);
        (session, asked)
    }

    fn answers() -> Vec<String> {
        ANSWERS.iter().map(|a| (*a).to_owned()).collect()
    }

    /// The whole worked example of Doc 9303-11, appendix G.1.
    #[test]
    fn the_session_of_the_standard_is_agreed_on() {
        let (session, asked) = run(&answers());
        let mut session = session.expect("a session");
        let expected = [
            "0022C1A412 800A04007F0007020204020283010184010D",
            "10860000027C0000",
            "10860000457C438141 04 7ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E 544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D 00",
            "10860000457C438341 04 2DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C 3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB36462 00",
            "008600000C7C0A8508C2B0BD78D94BA86600",
        ];
        assert_eq!(asked, expected.iter().map(|e| bytes(e)).collect::<Vec<_>>());
        // The session's keys are those of the standard: protecting with them gives the same bytes.
        let secret = "28768D20701247DAE81804C9E780EDE582A9996DB4A315020B2733197DB84925";
        let mut known = SecureMessaging::new(Cipher::Aes128, &bytes(secret), [0; 8]);
        let command = Command::select_application();
        assert_eq!(session.protect(&command), known.protect(&command));
        let derived: Vec<String> =
            [1, 2].map(|n| Cipher::Aes128.derive(&bytes(secret), n).iter().map(|b| format!("{b:02X}")).collect()).to_vec();
        assert_eq!(derived, ["F5F0E35C0D7161EE6724EE513A0D9A7F", "FE251C7858B356B24514B3BD5F4297D1"]);
    }

    #[test]
    fn a_chip_that_had_another_key_is_noticed() {
        let mut wrong = answers();
        wrong[4] = "7C0A8608 3ABB9674BCE93C09 9000".to_owned();
        assert_eq!(run(&wrong).0.map(|_| ()), Err(AccessError::WrongKey));
        wrong[4] = "6300".to_owned();
        assert_eq!(run(&wrong).0.map(|_| ()), Err(AccessError::WrongKey));
    }

    #[test]
    fn points_off_the_curve_are_refused() {
        let mut off = answers();
        off[2] = off[2].replace("3F57", "3F58");
        assert_eq!(run(&off).0.map(|_| ()), Err(AccessError::Integrity));
        let mut reflected = answers();
        // Our own point back.
        reflected[3] = "7C438441 04 2DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C 3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB36462 9000".to_owned();
        assert_eq!(run(&reflected).0.map(|_| ()), Err(AccessError::Integrity));
    }

    #[test]
    fn the_strongest_way_spoken_is_chosen() {
        let info = |mapping: u8, cipher: u8, parameters: u8| {
            let identifier = [&PACE[..], &[mapping, cipher]].concat();
            encode(0x30, &[encode(0x06, &identifier), vec![2, 1, 2, 2, 1, parameters]].concat())
        };
        let strongest = |infos: &[Vec<u8>]| PaceInfo::strongest(&encode(0x31, &infos.concat())).expect("readable");
        let chosen = strongest(&[info(2, 2, 13), info(2, 4, 16), info(4, 4, 18), info(1, 4, 2), info(2, 1, 12)]).expect("one is spoken");
        assert_eq!((chosen.cipher, chosen.curve), (Cipher::Aes256, PaceCurve::BrainpoolP384));
        assert_eq!(strongest(&[info(3, 2, 0), info(2, 2, 17), info(4, 2, 13)]), None);
        assert!(PaceInfo::strongest(&[0x31, 5, 0x30]).is_err());
    }
}
