//! Commands to a chip and its answers (ISO 7816-4).

/// A command.
#[derive(Clone, PartialEq, Eq)]
pub struct Command {
    /// CLA.
    pub class: u8,
    /// INS.
    pub instruction: u8,
    /// P1 and P2.
    pub parameters: [u8; 2],
    /// Data; at most 65 535 bytes.
    pub data: Vec<u8>,
    /// How many bytes are expected back, 1 to 65 536; `None` for none.
    pub expected: Option<u32>,
}

/// Data can be keys: says the header only.
impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [p1, p2] = self.parameters;
        write!(f, "Command({:02X} {:02X} {p1:02X} {p2:02X}, {} bytes)", self.class, self.instruction, self.data.len())
    }
}

/// The application of travel documents.
const APPLICATION: [u8; 7] = [0xA0, 0, 0, 2, 0x47, 0x10, 1];

impl Command {
    const fn new(class: u8, instruction: u8, parameters: [u8; 2], data: Vec<u8>, expected: Option<u32>) -> Self {
        Self { class, instruction, parameters, data, expected }
    }

    /// SELECT of the travel document application.
    #[must_use]
    pub fn select_application() -> Self {
        Self::new(0, 0xA4, [0x04, 0x0C], APPLICATION.to_vec(), None)
    }

    /// SELECT of the master file, where EF.CardAccess lies.
    #[must_use]
    pub const fn select_master_file() -> Self {
        Self::new(0, 0xA4, [0x00, 0x0C], Vec::new(), None)
    }

    /// SELECT of a file.
    #[must_use]
    pub fn select(identifier: u16) -> Self {
        Self::new(0, 0xA4, [0x02, 0x0C], identifier.to_be_bytes().to_vec(), None)
    }

    /// READ BINARY of the selected file. Offsets from 32 768 on need the odd instruction, whose answer is wrapped in object 53.
    #[must_use]
    pub fn read_binary(offset: u32, length: u8) -> Self {
        let expected = Some(u32::from(length));
        match u16::try_from(offset) {
            Ok(short) if short < 0x8000 => Self::new(0, 0xB0, short.to_be_bytes(), Vec::new(), expected),
            _ => {
                let bytes: Vec<u8> = offset.to_be_bytes().into_iter().skip_while(|b| *b == 0).collect();
                let data = [&[0x54, bytes.len() as u8][..], &bytes].concat();
                // Tag and length come on top of what is wanted.
                Self::new(0, 0xB1, [0, 0], data, expected.map(|l| (l + 4).min(256)))
            }
        }
    }

    /// GET CHALLENGE of eight bytes.
    #[must_use]
    pub const fn get_challenge() -> Self {
        Self::new(0, 0x84, [0, 0], Vec::new(), Some(8))
    }

    /// EXTERNAL AUTHENTICATE of basic access control.
    #[must_use]
    pub const fn external_authenticate(data: Vec<u8>) -> Self {
        Self::new(0, 0x82, [0, 0], data, Some(40))
    }

    /// MSE:Set AT for PACE.
    #[must_use]
    pub const fn set_authentication_template(data: Vec<u8>) -> Self {
        Self::new(0, 0x22, [0xC1, 0xA4], data, None)
    }

    /// GENERAL AUTHENTICATE; all but the last of a protocol are chained.
    #[must_use]
    pub const fn general_authenticate(data: Vec<u8>, last: bool) -> Self {
        Self::new(if last { 0x00 } else { 0x10 }, 0x86, [0, 0], data, Some(256))
    }

    /// The bytes that go to the chip; short where they fit.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![self.class, self.instruction, self.parameters[0], self.parameters[1]];
        let long = self.data.len() > 255 || self.expected.is_some_and(|e| e > 256);
        let length = self.data.len() as u16;
        if !self.data.is_empty() {
            if long {
                bytes.push(0);
                bytes.extend(length.to_be_bytes());
            } else {
                bytes.push(length as u8);
            }
            bytes.extend_from_slice(&self.data);
        }
        if let Some(expected) = self.expected {
            // The largest number is written as zero, in one byte or in two.
            if long {
                if self.data.is_empty() {
                    bytes.push(0);
                }
                bytes.extend((expected as u16).to_be_bytes());
            } else {
                bytes.push(expected as u8);
            }
        }
        bytes
    }
}

/// An answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// Data.
    pub data: Vec<u8>,
    /// SW1 and SW2.
    pub status: u16,
}

/// Data can be personal: says length and status only.
impl std::fmt::Debug for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Response({} bytes, {:04X})", self.data.len(), self.status)
    }
}

impl Response {
    /// Done.
    pub const OK: u16 = 0x9000;

    /// Takes an answer apart; `None` if it has no status.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (data, [high, low]) = bytes.split_last_chunk::<2>()?;
        Some(Self { data: data.to_vec(), status: u16::from_be_bytes([*high, *low]) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_have_four_forms() {
        let bytes = |data: &[u8], expected| Command::new(0, 0xCA, [1, 2], data.to_vec(), expected).to_bytes();
        assert_eq!(bytes(&[], None), [0, 0xCA, 1, 2]);
        assert_eq!(bytes(&[], Some(256)), [0, 0xCA, 1, 2, 0]);
        assert_eq!(bytes(&[9], None), [0, 0xCA, 1, 2, 1, 9]);
        assert_eq!(bytes(&[9], Some(4)), [0, 0xCA, 1, 2, 1, 9, 4]);
        assert_eq!(bytes(&[], Some(65_536)), [0, 0xCA, 1, 2, 0, 0, 0]);
        assert_eq!(bytes(&[], Some(257)), [0, 0xCA, 1, 2, 0, 1, 1]);
        let long = bytes(&[7; 256], Some(256));
        assert_eq!((&long[4..7], &long[263..]), (&[0, 1, 0][..], &[1, 0][..]));
        assert_eq!(Command::select_application().to_bytes(), [0, 0xA4, 4, 0x0C, 7, 0xA0, 0, 0, 2, 0x47, 0x10, 1]);
        assert_eq!(Command::read_binary(0x7FFF, 220).to_bytes(), [0, 0xB0, 0x7F, 0xFF, 220]);
        assert_eq!(Command::read_binary(0x8000, 220).to_bytes(), [0, 0xB1, 0, 0, 4, 0x54, 2, 0x80, 0, 224]);
    }

    #[test]
    fn answers_end_with_their_status() {
        assert_eq!(Response::from_bytes(&[1, 2, 0x90, 0]), Some(Response { data: vec![1, 2], status: Response::OK }));
        assert_eq!(Response::from_bytes(&[0x90]), None);
    }
}
