//! Access tokens and their end.

use super::TwinOptions;
use super::bounded::Bounded;
use super::exchange::Call;
use super::mint::Mint;
use crate::units::UtcTime;

/// Tokens remembered at once; the oldest is forgotten, which a client sees as an expired one.
const REMEMBERED: usize = 10_000;

struct Token {
    ends: UtcTime,
    client: String,
}

/// The tokens a service gave out.
pub(super) struct TokenBook {
    given: Bounded<Token>,
    seconds: u32,
}

impl TokenBook {
    /// - `seconds`: the service's own lifetime of a token.
    pub(super) fn new(options: &TwinOptions, seconds: u32) -> Self {
        Self { given: Bounded::new(REMEMBERED), seconds: options.token_seconds.unwrap_or(seconds) }
    }

    pub(super) const fn seconds(&self) -> u32 {
        self.seconds
    }

    pub(super) fn issue(&mut self, mint: &mut Mint, now: UtcTime, client: &str) -> String {
        let token = mint.hex::<32>();
        let ends = UtcTime(now.0.saturating_add(i64::from(self.seconds) * 1000));
        self.given.put(token.clone(), Token { ends, client: client.to_owned() });
        token
    }

    /// Whose valid token the call carries.
    pub(super) fn client(&self, call: &Call) -> Option<&str> {
        let token = self.given.get(call.bearer()?)?;
        (call.now < token.ends).then_some(token.client.as_str())
    }

    /// Whether the call carries a token that was good once.
    pub(super) fn expired(&self, call: &Call) -> bool {
        call.bearer().and_then(|t| self.given.get(t)).is_some_and(|t| call.now >= t.ends)
    }

    /// Ends every token now.
    pub(super) fn expire_all(&mut self) {
        self.given.clear();
    }
}
