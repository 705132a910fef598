//! What a sealed file promises: whole or refused, for its recipients only, from its sealer only.

use super::*;
use crate::units::{SensitiveBytes, SensitiveText, UtcTime};

fn identity(fill: u8) -> Identity {
    Identity::derive(&SensitiveBytes(vec![fill; 32]))
}

fn seal(content: &[u8], recipients: &[Recipient], by: &Identity) -> Vec<u8> {
    let mut writer = SealedWriter::new(Vec::new(), Kind::GalleryExport, recipients, by, UtcTime(7)).unwrap();
    for piece in content.chunks(10_007) {
        writer.write(piece).unwrap();
    }
    writer.finish(by).unwrap()
}

fn open(file: &[u8], length: usize, opener: Opener<'_>, trust: Trust<'_>) -> Result<(Vec<u8>, PublicKey), SealedError> {
    let mut reader = SealedReader::open(file, Kind::GalleryExport, opener, trust)?;
    let mut content = vec![0; length];
    reader.read_exact(&mut content)?;
    Ok((content, reader.finish()?))
}

fn content(length: usize) -> Vec<u8> {
    (0..length).map(|i| (i * 7 + i / 251) as u8).collect()
}

#[test]
fn every_length_comes_back_for_every_recipient() {
    let (sender, one, two, stranger) = (identity(1), identity(2), identity(3), identity(4));
    for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5] {
        let plain = content(length);
        let file = seal(&plain, &[Recipient::Key(one.receives_as()), Recipient::Key(two.receives_as())], &sender);
        for opener in [&one, &two] {
            let opened = open(&file, length, Opener::Identity(opener), Trust::Only(&[sender.signs_as()]));
            assert!(opened == Ok((plain.clone(), sender.signs_as())), "{length}");
        }
        assert_eq!(open(&file, length, Opener::Identity(&stranger), Trust::Anyone), Err(SealedError::NotForUs));
        let untrusted = open(&file, length, Opener::Identity(&one), Trust::Only(&[stranger.signs_as()]));
        assert_eq!(untrusted, Err(SealedError::Untrusted { signer: sender.signs_as().fingerprint() }));
        assert!(open(&file, length + 1, Opener::Identity(&one), Trust::Anyone).is_err(), "no more than there is");
        if length > 0 {
            assert!(open(&file, length - 1, Opener::Identity(&one), Trust::Anyone).is_err(), "no less either");
            assert!(!file.windows(length.min(24)).any(|window| window == &plain[..length.min(24)]) || length < 8);
        }
    }
}

#[test]
fn a_passphrase_opens_and_another_does_not() {
    let sender = identity(1);
    let file = seal(b"content", &[Recipient::Passphrase(SensitiveText("correct horse".into()))], &sender);
    let with = |text: &str| open(&file, 7, Opener::Passphrase(&SensitiveText(text.into())), Trust::Anyone);
    assert_eq!(with("correct horse"), Ok((b"content".to_vec(), sender.signs_as())));
    assert_eq!(with("correct hors"), Err(SealedError::NotForUs));
    assert_eq!(open(&file, 7, Opener::Identity(&sender), Trust::Anyone), Err(SealedError::NotForUs));
}

#[test]
fn chunks_cannot_be_cut_reordered_repeated_or_moved() {
    let (sender, receiver) = (identity(1), identity(2));
    let length = 3 * CHUNK + 100;
    let (a, b) = (content(length), vec![9; length]);
    let to = [Recipient::Key(receiver.receives_as())];
    let (file, other) = (seal(&a, &to, &sender), seal(&b, &to, &sender));
    let start = 12 + u32::from_be_bytes(file[8..12].try_into().unwrap()) as usize;
    let other_start = 12 + u32::from_be_bytes(other[8..12].try_into().unwrap()) as usize;
    let size = 4 + CHUNK + TAG;
    let chunk = |i: usize| file[start + i * size..(start + (i + 1) * size).min(file.len() - 64)].to_vec();
    let signature = &file[file.len() - 64..];
    let build = |chunks: &[Vec<u8>]| [&file[..start], &chunks.concat(), signature].concat();
    assert!(open(&build(&[chunk(0), chunk(1), chunk(2), chunk(3)]), length, Opener::Identity(&receiver), Trust::Anyone).is_ok());
    let foreign = other[other_start + size..other_start + 2 * size].to_vec();
    let mut ended_early = chunk(2);
    ended_early[0] |= 0x80;
    let cases = [
        ("swapped", build(&[chunk(1), chunk(0), chunk(2), chunk(3)]), length),
        ("repeated", build(&[chunk(0), chunk(0), chunk(1), chunk(2), chunk(3)]), length + CHUNK),
        ("left out", build(&[chunk(0), chunk(2), chunk(3)]), length - CHUNK),
        ("last cut off", build(&[chunk(0), chunk(1), chunk(2)]), 3 * CHUNK),
        ("called the last", build(&[chunk(0), chunk(1), ended_early]), 3 * CHUNK),
        ("another file's", build(&[chunk(0), foreign, chunk(2), chunk(3)]), length),
        ("no signature", file[..file.len() - 64].to_vec(), length),
        ("something after the end", [&file[..], b"x"].concat(), length),
        ("another file's signature", [&file[..file.len() - 64], &other[other.len() - 64..]].concat(), length),
        ("nothing", Vec::new(), 0),
    ];
    for (what, file, length) in cases {
        assert!(open(&file, length, Opener::Identity(&receiver), Trust::Anyone).is_err(), "{what}");
    }
}

#[test]
fn any_changed_byte_and_any_cut_is_refused() {
    let (sender, receiver) = (identity(1), identity(2));
    let file = seal(&content(500), &[Recipient::Key(receiver.receives_as())], &sender);
    for i in 0..file.len() {
        for change in [1, 0x80] {
            let mut changed = file.clone();
            changed[i] ^= change;
            assert!(open(&changed, 500, Opener::Identity(&receiver), Trust::Anyone).is_err(), "byte {i}");
        }
        assert!(open(&file[..i], 500, Opener::Identity(&receiver), Trust::Anyone).is_err(), "cut at {i}");
    }
}

#[test]
fn another_sealer_cannot_sign_for_the_first() {
    let (sender, forger, receiver) = (identity(1), identity(5), identity(2));
    let mut writer =
        SealedWriter::new(Vec::new(), Kind::GalleryExport, &[Recipient::Key(receiver.receives_as())], &sender, UtcTime(0)).unwrap();
    writer.write(b"x").unwrap();
    let forged = writer.finish(&forger).unwrap();
    let opened = open(&forged, 1, Opener::Identity(&receiver), Trust::Only(&[sender.signs_as()]));
    assert_eq!(opened, Err(SealedError::Damaged { what: "its signature" }));
}

#[test]
fn a_file_may_not_ask_for_all_memory() {
    let sender = identity(1);
    let file = seal(b"", &[Recipient::Passphrase(SensitiveText("p".into()))], &sender);
    let text = String::from_utf8_lossy(&file).replacen("\"memory_kib\":65536", "\"memory_kib\":99999999", 1);
    let length = u32::from_be_bytes(file[8..12].try_into().unwrap()) + 3;
    let greedy = [&file[..8], &length.to_be_bytes(), &text.as_bytes()[12..]].concat();
    let opened = open(&greedy, 0, Opener::Passphrase(&SensitiveText("p".into())), Trust::Anyone);
    assert!(matches!(opened, Err(SealedError::Unsupported { .. } | SealedError::Damaged { .. })), "{opened:?}");
}

#[test]
fn nobody_can_be_left_without_a_way_to_open_it() {
    let sealed = SealedWriter::new(Vec::new(), Kind::GalleryExport, &[], &identity(1), UtcTime(0));
    assert!(matches!(sealed.err(), Some(SealedError::NoRecipient)));
}

#[test]
fn public_keys_are_exchanged_as_text() {
    let key = identity(1).receives_as();
    assert_eq!(PublicKey::from_text(&key.to_text()), Ok(key));
    use p256::pkcs8::EncodePublicKey as _;
    let pem = key.point().unwrap().to_public_key_pem(p256::pkcs8::LineEnding::LF).unwrap();
    assert_eq!(PublicKey::from_text(&pem), Ok(key));
    for wrong in ["", "abc", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", &"A".repeat(44)] {
        assert_eq!(PublicKey::from_text(wrong), Err(SealedError::BadKey), "{wrong}");
    }
    assert_ne!(identity(1).receives_as(), identity(1).signs_as(), "one pair signs, another one agrees");
    assert_eq!(key.fingerprint().len(), 19);
}

#[test]
fn a_file_is_replaced_whole_or_not_at_all() {
    use std::io::Write as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.visavis");
    let failed: Result<(), SealedError> = write_file(&path, |mut writer| {
        writer.write_all(b"half").unwrap();
        Err(SealedError::NoRecipient)
    });
    assert_eq!(failed, Err(SealedError::NoRecipient));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    for text in [&b"one"[..], b"two"] {
        write_file(&path, |mut writer| writer.write_all(text).map(|()| (writer, ())).map_err(SealedError::from)).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), text);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}
