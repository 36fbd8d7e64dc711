//! Support view, and what the window notes around the wallet: books kept apart, addresses copied, networks left.

use alloy::primitives::Address;

use super::kept::Book;
use super::screen::Screen;
use super::ui_state::UiState;
use super::wallet_state::{CopiedAddress, WalletState};

impl UiState {
    /// Support view: the own book is put away, what is looked at meanwhile is forgotten at the end.
    pub fn enter_support(&mut self) {
        if self.wallet.support.is_some() {
            return;
        }
        let own = std::mem::take(&mut self.book);
        self.wallet = WalletState { support: Some(Box::new(own)), ..self.fresh_wallet() };
        self.forget_watched();
        self.screen = Screen::FirstRun;
    }

    /// Back to the own book.
    pub fn leave_support(&mut self) {
        let Some(own) = self.wallet.support.take() else { return };
        self.book = *own;
        self.forget_watched();
        self.screen = if self.book.watched.is_empty() { Screen::FirstRun } else { Screen::Home };
    }

    fn forget_watched(&mut self) {
        self.seen.clear();
        self.trail.clear();
        self.selected = 0;
        self.asked_at = None;
    }

    /// The book that is kept on disk: never that of support view.
    pub(super) fn own_book(&self) -> &Book {
        self.wallet.support.as_deref().unwrap_or(&self.book)
    }

    /// Another network: nothing of this one's wallet stays. Support view goes on, with the other's book put away.
    pub(super) fn leave_wallet(&mut self) {
        let support = self.wallet.support.is_some().then(|| Box::new(std::mem::take(&mut self.book)));
        self.wallet = WalletState { support, ..self.fresh_wallet() };
        if self.wallet.support.is_some() {
            self.screen = Screen::FirstRun;
        }
    }

    fn fresh_wallet(&self) -> WalletState {
        WalletState { capturing: self.wallet.capturing, ..WalletState::default() }
    }

    /// Remembers an address that was copied, to compare it with what is pasted (R22).
    pub(super) fn note_copied(&mut self, text: &str) {
        let Ok(address) = text.trim().parse::<Address>() else { return };
        let name = self.name_of(address).map_or_else(|| super::format::short_address(address), str::to_owned);
        self.wallet.copied = Some(CopiedAddress { address, name, at_ms: self.now_ms });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn support_view_keeps_the_own_book_apart_and_forgets_its_own() {
        let mut state = UiState::new(Default::default(), 0);
        let (own, other) = (Address::repeat_byte(1), Address::repeat_byte(2));
        state.watch(own, "Main", true);
        state.enter_support();
        assert!(state.book.watched.is_empty());
        state.watch(other, "theirs", true);
        assert_eq!(state.own_book().watched.len(), 1);
        assert_eq!(state.own_book().watched[0].address, own);
        state.leave_support();
        assert_eq!(state.book.watched.len(), 1);
        assert_eq!((state.book.watched[0].address, state.screen), (own, Screen::Home));
    }
}
