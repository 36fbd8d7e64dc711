//! What the user named by hand on a network, kept in its folder: both faces use and change the same list.

use std::sync::Arc;

use super::core::Core;
use super::{Notice, Reason};
use crate::protocols::{Deployments, Named, Registry};
use crate::storage::{DataDir, StorageError};

/// The list of one network.
#[derive(Debug, Clone)]
pub struct NamedByHand {
    data: Arc<DataDir>,
}

impl NamedByHand {
    pub(in crate::app) fn of(data: Arc<DataDir>) -> Self {
        Self { data }
    }

    /// What is kept, and notices about what is there and cannot be used.
    pub(in crate::app) fn at_start(&self) -> (Vec<Named>, Vec<Notice>) {
        match self.data.named_things() {
            Ok(texts) => read(&texts),
            Err(error) => (Vec::new(), vec![Notice { text: error.to_string() }]),
        }
    }

    /// Keeps `named` beside what is kept, and returns all of it.
    ///
    /// # Errors
    /// [`Reason`] where nothing can be kept; the list is as it was.
    pub fn keep(&self, named: &[Named]) -> Result<Vec<Named>, Reason> {
        self.change(|all| {
            for text in named.iter().map(ToString::to_string) {
                if !all.contains(&text) {
                    all.push(text);
                }
            }
        })
    }

    /// Takes `named` from the list, and returns what is left.
    ///
    /// # Errors
    /// [`Reason`] where the list cannot be changed, or the name is not in it.
    pub fn forget(&self, named: &Named) -> Result<Vec<Named>, Reason> {
        let mut there = false;
        // By its meaning: a person may have written the entry himself.
        let same = |text: &String| text.parse::<Named>().is_ok_and(|one| one == *named);
        let left = self.change(|all| {
            there = all.iter().any(same);
            all.retain(|text| !same(text));
        })?;
        let what = format!("The name {named} is not among what was named by hand");
        let missing = || Reason::misuse(&what, "`lifeboat named` shows what is there");
        if there { Ok(left) } else { Err(missing()) }
    }

    fn change(&self, change: impl FnOnce(&mut Vec<String>)) -> Result<Vec<Named>, Reason> {
        let failed = |error: StorageError| {
            let next = match error {
                StorageError::SetAside { .. } => "try again: a new list is begun",
                _ => "free space, or give a folder with --data-dir",
            };
            Reason::new(&error.to_string(), "the list was not changed", next)
        };
        Ok(read(&self.data.change_named_things(change).map_err(failed)?).0)
    }
}

/// Names of the texts; one that names nothing is told, and stays in the file.
fn read(texts: &[String]) -> (Vec<Named>, Vec<Notice>) {
    let (mut named, mut notices) = (Vec::new(), Vec::new());
    for text in texts {
        match text.parse::<Named>() {
            Ok(one) if named.contains(&one) => {}
            Ok(one) => named.push(one),
            Err(error) => {
                notices.push(Notice { text: format!("In named.json, {error}. It stays there, unused.") });
            }
        }
    }
    (named, notices)
}

/// Those of `named` that a protocol of the chain takes, one of the user's own deployments too; then the others.
#[must_use]
pub fn taken(chain_id: u64, own: Option<&Deployments>, named: &[Named]) -> (Vec<Named>, Vec<Named>) {
    if named.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let registry = of_chain(chain_id, own);
    named.iter().cloned().partition(|one| registry.takes(one))
}

/// That all of `named` can be looked up here.
///
/// # Errors
/// [`Reason`] about the first that cannot, with what can be named.
pub fn can_be_named(chain_id: u64, own: Option<&Deployments>, named: &[Named]) -> Result<(), Reason> {
    let registry = of_chain(chain_id, own);
    match named.iter().find(|one| !registry.takes(one)) {
        Some(wrong) => Err(no_such_name(&registry, wrong)),
        None => Ok(()),
    }
}

fn of_chain(chain_id: u64, own: Option<&Deployments>) -> Registry {
    let registry = Registry::of_chain(chain_id);
    match own {
        Some(own) => registry.with(own),
        None => registry,
    }
}

/// What was named is of no protocol that takes names, or of another form than its names have.
pub(super) fn no_such_name(registry: &Registry, named: &Named) -> Reason {
    let known = registry.nameable().into_iter().map(|(id, by)| format!("{id}=ID ({})", by.words()));
    let known: Vec<String> = known.collect();
    let known = if known.is_empty() { "nothing on this network".to_owned() } else { known.join(", ") };
    let what = format!("No protocol here takes {named}");
    Reason::misuse(&what, &format!("these can be named: {known}"))
}

impl Core {
    /// Looks it up from now on, and after the next start.
    pub(super) fn keep_named(&mut self, named: &Named) {
        match self.named.keep(std::slice::from_ref(named)) {
            Ok(all) => self.snapshot.named = all.into(),
            Err(reason) => {
                let text = format!("{named} is looked up in this run alone. {}", reason.what);
                self.notices.push(Notice { text });
                let mut all = self.snapshot.named.to_vec();
                all.retain(|one| one != named);
                all.push(named.clone());
                self.snapshot.named = all.into();
            }
        }
    }

    /// Looks it up no more.
    pub(super) fn forget_named(&mut self, named: &Named) {
        match self.named.forget(named) {
            Ok(left) => self.snapshot.named = left.into(),
            Err(reason) => {
                if !reason.misuse {
                    self.notices.push(Notice { text: reason.what });
                }
                let left: Vec<Named> =
                    self.snapshot.named.iter().filter(|one| *one != named).cloned().collect();
                self.snapshot.named = left.into();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_kept_as_it_is_meant_and_what_is_not_understood_stays_in_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let data = Arc::new(DataDir::open(Some(folder.path().to_path_buf()), "mainnet").unwrap());
        let list = NamedByHand::of(Arc::clone(&data));
        let name = |text: &str| text.parse::<Named>().unwrap();
        let (trove, request) = (name("liquity-v2=7"), name("etherfi=9"));
        list.keep(&[trove.clone(), request.clone(), trove.clone()]).unwrap();
        assert_eq!(list.at_start(), (vec![trove.clone(), request.clone()], Vec::new()));
        data.change_named_things(|all| all.extend(["liquity-v2=0x7".to_owned(), "later".to_owned()]))
            .unwrap();
        let (all, notices) = list.at_start();
        assert_eq!(all, [trove.clone(), request.clone()]);
        assert!(notices.len() == 1 && notices[0].text.contains("\"later\""), "{notices:?}");
        // However it is written.
        assert_eq!(list.forget(&trove).unwrap(), [request]);
        assert_eq!(data.named_things().unwrap(), ["etherfi=9", "later"]);
        let again = list.forget(&trove).unwrap_err();
        assert!(again.misuse && again.what.contains("liquity-v2=7"), "{again}");
    }

    #[test]
    fn a_name_that_nothing_takes_here_is_told_apart() {
        let name = |text: &str| text.parse::<Named>().unwrap();
        let (good, bad) = (name("uniswap-v4=5"), name("weth=5"));
        let both = [good.clone(), bad.clone()];
        assert_eq!(taken(1, None, &both), (vec![good], vec![bad]));
        let refused = can_be_named(1, None, &both).unwrap_err();
        assert!(refused.misuse && refused.next.contains("uniswap-v4=ID"), "{refused}");
        assert_eq!(can_be_named(1, None, &both[..1]), Ok(()));
    }
}
