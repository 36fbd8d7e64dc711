//! The desktop's own notifications. Showing one may take a while, so it has a thread of its own.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::notices::Notice;

/// More than this at once is told by the window alone.
const WAITING: usize = 16;

/// Where notices go. Without a desktop that takes them they are dropped: the window shows them all.
pub(super) struct Desktop {
    sender: Option<SyncSender<Notice>>,
}

impl Desktop {
    /// Begins with the first notice; until then there is no thread.
    pub(super) fn new() -> Self {
        Self { sender: None }
    }

    /// Hands one over.
    pub(super) fn tell(&mut self, notice: Notice) {
        if self.sender.is_none() {
            let (sender, notices) = sync_channel(WAITING);
            let thread = std::thread::Builder::new().name("notices".to_owned());
            match thread.spawn(move || show_all(&notices)) {
                Ok(_detached) => self.sender = Some(sender),
                Err(error) => tracing::debug!(%error, "no thread for desktop notifications"),
            }
        }
        if let Some(sender) = &self.sender {
            let _full = sender.try_send(notice);
        }
    }
}

fn show_all(notices: &Receiver<Notice>) {
    while let Ok(notice) = notices.recv() {
        let mut shown = notify_rust::Notification::new();
        shown.appname("Lifeboat").summary(&notice.title).body(&notice.line).icon("lifeboat");
        if let Err(error) = shown.show() {
            tracing::debug!(%error, "the desktop took no notification");
        }
    }
}
