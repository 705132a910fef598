//! Elliptic curves of documents: by name, or by parameters spelled out, which must then be those of a named curve in every number.

use super::algorithms::{BIT_STRING, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SignatureFault, identifier};
use super::reason::Unsupported;
use super::tlv::{Objects, Tlv, TlvError, small_integer};
use x509_cert::der::asn1::ObjectIdentifier;

/// A curve that signatures are verified on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Curve {
    /// NIST P-256.
    NistP256,
    /// NIST P-384.
    NistP384,
    /// NIST P-521.
    NistP521,
    /// brainpoolP256r1.
    BrainpoolP256,
    /// brainpoolP384r1.
    BrainpoolP384,
}

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

/// Curves that documents use and that are not verified here, for the report.
const UNSUPPORTED: [(ObjectIdentifier, &str); 6] = [
    (oid("1.2.840.10045.3.1.1"), "P-192"),
    (oid("1.3.132.0.33"), "P-224"),
    (oid("1.3.36.3.3.2.8.1.1.3"), "brainpoolP192r1"),
    (oid("1.3.36.3.3.2.8.1.1.5"), "brainpoolP224r1"),
    (oid("1.3.36.3.3.2.8.1.1.9"), "brainpoolP320r1"),
    (oid("1.3.36.3.3.2.8.1.1.13"), "brainpoolP512r1"),
];

impl Curve {
    const NAMED: [(Self, ObjectIdentifier); 5] = [
        (Self::NistP256, oid("1.2.840.10045.3.1.7")),
        (Self::NistP384, oid("1.3.132.0.34")),
        (Self::NistP521, oid("1.3.132.0.35")),
        (Self::BrainpoolP256, oid("1.3.36.3.3.2.8.1.1.7")),
        (Self::BrainpoolP384, oid("1.3.36.3.3.2.8.1.1.11")),
    ];

    /// Its usual name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NistP256 => "P-256",
            Self::NistP384 => "P-384",
            Self::NistP521 => "P-521",
            Self::BrainpoolP256 => "brainpoolP256r1",
            Self::BrainpoolP384 => "brainpoolP384r1",
        }
    }

    /// Reads the parameters of an EC public key: a name, or every number of the curve.
    pub(super) fn read(parameters: &Tlv<'_>) -> Result<Self, SignatureFault> {
        match parameters.tag {
            OBJECT_IDENTIFIER => {
                let id = identifier(parameters)?;
                let known = Self::NAMED.iter().find(|(_, o)| *o == id).map(|(curve, _)| *curve);
                let name = || UNSUPPORTED.iter().find(|(o, _)| *o == id).map_or_else(|| id.to_string(), |(_, name)| (*name).to_owned());
                known.ok_or_else(|| SignatureFault::Unsupported(Unsupported::Curve { name: name() }))
            }
            SEQUENCE => explicit(parameters.value),
            found => Err(TlvError::Unexpected { expected: OBJECT_IDENTIFIER, found }.into()),
        }
    }
}

/// The numbers of a curve, in hexadecimal digits without leading zeros.
struct Parameters {
    curve: Curve,
    prime: &'static str,
    a: &'static str,
    b: &'static str,
    /// x and y, each as long as the prime.
    generator: &'static str,
    order: &'static str,
}

/// SEC 2 and RFC 5639.
const EXPLICIT: [Parameters; 5] = [
    Parameters {
        curve: Curve::NistP256,
        prime: "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF",
        a: "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFC",
        b: "5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B",
        generator: "6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C2964FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE\
            33576B315ECECBB6406837BF51F5",
        order: "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551",
    },
    Parameters {
        curve: Curve::NistP384,
        prime: "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFF0000000000000000FFFFFFFF",
        a: "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFF0000000000000000FFFFFFFC",
        b: "B3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF",
        generator: "AA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB73617\
            DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F",
        order: "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973",
    },
    Parameters {
        curve: Curve::NistP521,
        prime: "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF\
            FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
        a: "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF\
            FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC",
        b: "51953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF109E156193951EC7E937B1652C0BD3BB1BF0735\
            73DF883D2C34F1EF451FD46B503F00",
        generator: "00C6858E06B70404E9CD9E3ECB662395B4429C648139053FB521F828AF606B4D3DBAA14B5E77EFE75928FE1DC127A2FFA8DE\
            3348B3C1856A429BF97E7E31C2E5BD66011839296A789A3BC0045C8A5FB42C7D1BD998F54449579B446817AFBD17273E662C\
            97EE72995EF42640C550B9013FAD0761353C7086A272C24088BE94769FD16650",
        order: "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA51868783BF2F966B7FCC0148F709A5D0\
            3BB5C9B8899C47AEBB6FB71E91386409",
    },
    Parameters {
        curve: Curve::BrainpoolP256,
        prime: "A9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377",
        a: "7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9",
        b: "26DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B6",
        generator: "8BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262547EF835C3DAC4FD97F8461A14611DC9C277\
            45132DED8E545C1D54C72F046997",
        order: "A9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7",
    },
    Parameters {
        curve: Curve::BrainpoolP384,
        prime: "8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B412B1DA197FB71123ACD3A729901D1A71874700133107EC53",
        a: "7BC382C63D8C150C3C72080ACE05AFA0C2BEA28E4FB22787139165EFBA91F90F8AA5814A503AD4EB04A8C7DD22CE2826",
        b: "04A8C7DD22CE28268B39B55416F0447C2FB77DE107DCD2A62E880EA53EEB62D57CB4390295DBC9943AB78696FA504C11",
        generator: "1D1C64F068CF45FFA2A63A81B7C13F6B8847A3E77EF14FE3DB7FCAFE0CBD10E8E826E03436D646AAEF87B2E247D4AF1E8ABE\
            1D7520F9C2A45CB1EB8E95CFD55262B70B29FEEC5864E19C054FF99129280E4646217791811142820341263C5315",
        order: "8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B31F166E6CAC0425A7CF3AB6AF6B7FC3103B883202E9046565",
    },
];

const PRIME_FIELD: ObjectIdentifier = oid("1.2.840.10045.1.1");

/// Hexadecimal digits without leading zero bytes.
fn digits(bytes: &[u8]) -> String {
    let first = bytes.iter().position(|b| *b != 0).unwrap_or(bytes.len());
    bytes[first..].iter().map(|b| format!("{b:02X}")).collect()
}

/// ECParameters. A generator or order of somebody's own choice would let anybody sign for a known key.
fn explicit(fields: &[u8]) -> Result<Curve, SignatureFault> {
    let unknown = || SignatureFault::Unsupported(Unsupported::CurveSpelledOut);
    let mut fields = Objects::new(fields);
    fields.take(INTEGER)?;
    let mut field = Objects::new(fields.take(SEQUENCE)?.value);
    if identifier(&field.take(OBJECT_IDENTIFIER)?)? != PRIME_FIELD {
        return Err(unknown());
    }
    let prime = digits(field.take(INTEGER)?.value);
    let mut equation = Objects::new(fields.take(SEQUENCE)?.value);
    let (a, b) = (digits(equation.take(OCTET_STRING)?.value), digits(equation.take(OCTET_STRING)?.value));
    // The seed that the curve was drawn with.
    equation.take_if(BIT_STRING)?;
    let generator = fields.take(OCTET_STRING)?.value;
    let order = digits(fields.take(INTEGER)?.value);
    let cofactor = fields.take_if(INTEGER)?.map(|c| small_integer(&c)).transpose()?;
    let known = EXPLICIT.iter().find(|p| {
        let same = p.prime == prime && p.a == a && p.b == b && p.order == order && is_generator(p, generator);
        same && cofactor.is_none_or(|c| c == 1)
    });
    known.map(|p| p.curve).ok_or_else(unknown)
}

/// Whether a point, compressed or not, is the generator.
fn is_generator(parameters: &Parameters, point: &[u8]) -> bool {
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02X}")).collect::<String>();
    let (x, y) = parameters.generator.split_at(parameters.generator.len() / 2);
    let odd = y.bytes().last().is_some_and(|d| !matches!(d, b'0' | b'2' | b'4' | b'6' | b'8' | b'A' | b'C' | b'E'));
    match point.split_first() {
        Some((4, rest)) => hex(rest) == parameters.generator,
        Some((first @ (2 | 3), rest)) => hex(rest) == x && (*first == 3) == odd,
        _ => false,
    }
}
