//! Basic access control (Doc 9303-11 section 4.3): both sides prove that they know the key from the printed zone.

use super::AccessError;
use super::apdu::{Command, Response};
use super::cipher::{Cipher, padded};
use super::keys::AccessKey;
use super::secure_messaging::SecureMessaging;
use zeroize::Zeroizing;

const CIPHER: Cipher = Cipher::TripleDes;

/// Agrees on a session. `random`: eight bytes of challenge, then sixteen of key, never used before.
///
/// # Errors
/// [`AccessError`]; [`AccessError::WrongKey`] if the chip does not accept the key, [`AccessError::NoProtocol`] if it is none of a zone.
pub fn basic_access<E: std::error::Error + 'static>(
    key: &AccessKey,
    random: [u8; 24],
    transmit: &mut dyn FnMut(&Command) -> Result<Response, E>,
) -> Result<SecureMessaging, AccessError<E>> {
    if !matches!(key, AccessKey::Zone(_)) {
        return Err(AccessError::NoProtocol);
    }
    let secret = key.secret();
    let (encryption, authentication) = (CIPHER.derive(&secret[..16], 1), CIPHER.derive(&secret[..16], 2));
    let challenge = transmit(&Command::get_challenge()).map_err(AccessError::Reader)?;
    if challenge.status != Response::OK {
        return Err(AccessError::Status { command: "GET CHALLENGE", status: challenge.status });
    }
    let theirs: [u8; 8] = challenge.data.as_slice().try_into().map_err(|_| AccessError::Integrity)?;
    let (ours, our_key) = random.split_at(8);
    let plain = Zeroizing::new([ours, &theirs, our_key].concat());
    let sealed = CIPHER.encrypt(&encryption, &[0; 8], &plain).ok_or(AccessError::Integrity)?;
    let proof = CIPHER.authenticate(&authentication, &padded(&sealed, 8)).ok_or(AccessError::Integrity)?;
    let answer = transmit(&Command::external_authenticate([&sealed[..], &proof].concat())).map_err(AccessError::Reader)?;
    match answer.status {
        Response::OK => {}
        // What chips say to a wrong key; nothing else is wrong with the command.
        0x6300..=0x63FF | 0x6982 | 0x6985 | 0x6988 | 0x6A80 => return Err(AccessError::WrongKey),
        status => return Err(AccessError::Status { command: "EXTERNAL AUTHENTICATE", status }),
    }
    let (sealed, proof) = answer.data.split_at_checked(32).ok_or(AccessError::Integrity)?;
    let expected = CIPHER.authenticate(&authentication, &padded(sealed, 8)).ok_or(AccessError::Integrity)?;
    let plain = Zeroizing::new(CIPHER.decrypt(&encryption, &[0; 8], sealed).ok_or(AccessError::Integrity)?);
    if proof != expected || plain[..8] != theirs || plain[8..16] != *ours {
        return Err(AccessError::Integrity);
    }
    let shared = Zeroizing::new(our_key.iter().zip(&plain[16..]).map(|(a, b)| a ^ b).collect::<Vec<u8>>());
    let mut counter = [0; 8];
    counter[..4].copy_from_slice(&theirs[4..]);
    counter[4..].copy_from_slice(&ours[4..]);
    Ok(SecureMessaging::new(CIPHER, &shared, counter))
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

    fn key() -> AccessKey {
        AccessKey::Zone(Zeroizing::new(key_information("L898902C", "690806", "940623").expect("a key")))
    }

    fn random() -> [u8; 24] {
        bytes("781723860C06C2260B795240CB7049B01C19B33E32804F0B").try_into().expect("24 bytes")
    }

    /// A chip that says lines of a script, and what it was asked.
    fn scripted<'a>(answers: &'a [&str], asked: &'a mut Vec<Vec<u8>>) -> impl FnMut(&Command) -> Result<Response, Infallible> + 'a {
        move |command| {
            let answer = answers[asked.len()];
            asked.push(command.to_bytes());
            Ok(Response::from_bytes(&bytes(answer)).expect("a status"))
        }
    }

    const CHALLENGE: &str = "4608F91988702212 9000";
    const ANSWER: &str = "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D7449 9000";

    /// The whole worked example of Doc 9303-11, appendix D.
    #[test]
    fn the_session_of_the_standard_is_agreed_on() {
        let mut asked = Vec::new();
        let mut session = basic_access(&key(), random(), &mut scripted(&[CHALLENGE, ANSWER], &mut asked)).expect("a session");
        assert_eq!(asked[0], bytes("0084000008"));
        assert_eq!(asked[1], bytes("0082000028 72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2 5F1448EEA8AD90A7 28"));
        let select = session.protect(&Command::select(0x011E)).expect("protected");
        assert_eq!(select.to_bytes(), bytes("0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800"));
        let answer = Response::from_bytes(&bytes("990290008E08FA855A5D4C50A8ED9000")).expect("a status");
        assert_eq!(session.unprotect(&answer), Some(Response { data: vec![], status: Response::OK }));
        let read = session.protect(&Command::read_binary(0, 4)).expect("protected");
        assert_eq!(read.to_bytes(), bytes("0CB000000D9701048E08ED6705417E96BA5500"));
        let answer = Response::from_bytes(&bytes("8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000")).expect("a status");
        assert_eq!(session.unprotect(&answer), Some(Response { data: bytes("60145F01"), status: Response::OK }));
        let read = session.protect(&Command::read_binary(4, 0x12)).expect("protected");
        assert_eq!(read.to_bytes(), bytes("0CB000040D9701128E082EA28A70F3C7B53500"));
    }

    #[test]
    fn changed_answers_end_the_session() {
        let genuine = bytes("990290008E08FA855A5D4C50A8ED9000");
        for at in 0..genuine.len() - 2 {
            let mut asked = Vec::new();
            let mut session = basic_access(&key(), random(), &mut scripted(&[CHALLENGE, ANSWER], &mut asked)).expect("a session");
            let _ = session.protect(&Command::select(0x011E));
            let mut changed = genuine.clone();
            changed[at] ^= 1;
            assert_eq!(session.unprotect(&Response::from_bytes(&changed).expect("a status")), None, "byte {at}");
        }
    }

    #[test]
    fn wrong_keys_and_wrong_chips_are_told_apart() {
        let agree = |answers: &[&str]| {
            let mut asked = Vec::new();
            basic_access(&key(), random(), &mut scripted(answers, &mut asked)).map(|_| ()).expect_err("refused")
        };
        assert_eq!(agree(&[CHALLENGE, "6300"]), AccessError::WrongKey);
        assert_eq!(agree(&[CHALLENGE, "6982"]), AccessError::WrongKey);
        assert_eq!(agree(&["6D00"]), AccessError::Status { command: "GET CHALLENGE", status: 0x6D00 });
        assert_eq!(agree(&["00 9000"]), AccessError::Integrity);
        assert_eq!(agree(&[CHALLENGE, "9000"]), AccessError::Integrity);
        let whole = bytes(ANSWER);
        for at in 0..40 {
            let mut changed = whole.clone();
            changed[at] ^= 0x10;
            let text: String = changed.iter().map(|b| format!("{b:02X}")).collect();
            assert_eq!(agree(&[CHALLENGE, &text]), AccessError::Integrity, "byte {at}");
        }
        let number = AccessKey::card_access_number("123456").expect("six digits");
        let error = basic_access(&number, random(), &mut scripted(&[], &mut Vec::new())).map(|_| ()).expect_err("refused");
        assert_eq!(error, AccessError::NoProtocol);
    }
}
