//! After a wrong password the next try waits, longer each time.

/// Longest wait, in seconds.
const LONGEST_SECS: u64 = 60;

/// Counts wrong passwords of one file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BackOff {
    failures: u32,
    until_ms: u64,
}

impl BackOff {
    /// A wrong password at `now_ms`: the next try waits 1, 2, 4 … seconds, at most a minute.
    pub fn failed(&mut self, now_ms: u64) {
        let secs = 1_u64.checked_shl(self.failures).unwrap_or(LONGEST_SECS).min(LONGEST_SECS);
        self.failures = self.failures.saturating_add(1);
        self.until_ms = now_ms.saturating_add(secs.saturating_mul(1_000));
    }

    /// The right password: nothing is held against anybody.
    pub fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// Milliseconds until the next try is taken; 0 now.
    pub fn wait_ms(&self, now_ms: u64) -> u64 {
        self.until_ms.saturating_sub(now_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_a_minute_and_a_success_ends_it() {
        let mut back_off = BackOff::default();
        let mut waits = Vec::new();
        for _ in 0..8 {
            back_off.failed(5_000);
            waits.push(back_off.wait_ms(5_000) / 1_000);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(back_off.wait_ms(64_999), 1);
        back_off.succeeded();
        assert_eq!(back_off.wait_ms(0), 0);
    }
}
