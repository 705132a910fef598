//! Points and numbers on the curves of PACE, as bytes: points uncompressed, numbers as long as the curve's.

use super::pace::PaceCurve;
use p256::elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point};
use p256::elliptic_curve::{
    AffinePoint, CurveArithmetic, CurveGroup as _, FieldBytesSize, Group as _, NonZeroScalar, ProjectivePoint, PublicKey, Scalar,
};

/// Runs a generic function on one curve.
macro_rules! on_curve {
    ($curve:expr, $function:ident($($argument:expr),*)) => {
        match $curve {
            PaceCurve::NistP256 => $function::<p256::NistP256>($($argument),*),
            PaceCurve::NistP384 => $function::<p384::NistP384>($($argument),*),
            PaceCurve::NistP521 => $function::<p521::NistP521>($($argument),*),
            PaceCurve::BrainpoolP256 => $function::<bp256::BrainpoolP256r1>($($argument),*),
            PaceCurve::BrainpoolP384 => $function::<bp384::BrainpoolP384r1>($($argument),*),
        }
    };
}

fn number<C: CurveArithmetic>(bytes: &[u8]) -> Option<Scalar<C>> {
    NonZeroScalar::<C>::try_from(bytes).ok().map(|n| *n)
}

fn point<C>(bytes: &[u8]) -> Option<ProjectivePoint<C>>
where
    C: CurveArithmetic,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    PublicKey::<C>::from_sec1_bytes(bytes).ok().map(|p| p.to_projective())
}

/// The point as bytes; `None` for the one at infinity, which has no place in any agreement.
fn bytes<C>(point: &ProjectivePoint<C>) -> Option<Vec<u8>>
where
    C: CurveArithmetic,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    if bool::from(point.is_identity()) {
        return None;
    }
    Some(point.to_affine().to_sec1_point(false).as_bytes().to_vec())
}

fn multiply_on<C>(base: Option<&[u8]>, factor: &[u8]) -> Option<Vec<u8>>
where
    C: CurveArithmetic,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    let base = match base {
        Some(base) => point::<C>(base)?,
        None => ProjectivePoint::<C>::generator(),
    };
    bytes::<C>(&(base * number::<C>(factor)?))
}

fn map_on<C>(nonce: &[u8], shared: &[u8]) -> Option<Vec<u8>>
where
    C: CurveArithmetic,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    bytes::<C>(&(ProjectivePoint::<C>::generator() * number::<C>(nonce)? + point::<C>(shared)?))
}

fn is_number_on<C: CurveArithmetic>(bytes: &[u8]) -> bool {
    number::<C>(bytes).is_some()
}

/// `base · factor`, the curve's generator where there is no base; `None` if the base is no point of the curve or the factor out of range.
pub(super) fn multiply(curve: PaceCurve, base: Option<&[u8]>, factor: &[u8]) -> Option<Vec<u8>> {
    on_curve!(curve, multiply_on(base, factor))
}

/// The generic mapping: `nonce · generator + shared`.
pub(super) fn map(curve: PaceCurve, nonce: &[u8], shared: &[u8]) -> Option<Vec<u8>> {
    let mut number = vec![0; curve.number_bytes().saturating_sub(nonce.len())];
    number.extend_from_slice(nonce);
    on_curve!(curve, map_on(&number, shared))
}

/// Whether bytes are a private key of the curve.
pub(super) fn is_private_key(curve: PaceCurve, bytes: &[u8]) -> bool {
    on_curve!(curve, is_number_on(bytes))
}
