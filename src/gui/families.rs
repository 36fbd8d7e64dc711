//! Markets by the protocol that they belong to: two hundred pools are no list that anybody reads.

/// So many markets of one protocol are still named one by one.
const NAMED: usize = 3;

/// The markets of one protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Family<'a> {
    /// Its id, as `curve`.
    pub id: &'a str,
    /// The words that all of their names begin with; the id where there are none.
    pub name: String,
    /// The names, in the order given.
    pub names: Vec<&'a str>,
}

impl Family<'_> {
    /// Too many to be named one by one.
    pub(super) fn is_large(&self) -> bool {
        self.names.len() > NAMED
    }

    /// People call its markets pools.
    pub(super) fn has_pools(&self) -> bool {
        matches!(self.id, "curve" | "convex" | "balancer")
    }
}

/// Brings ids and names together by id, each where its first one stood.
pub(super) fn families<'a>(all: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<Family<'a>> {
    let mut found: Vec<Family<'a>> = Vec::new();
    for (id, name) in all {
        match found.iter_mut().find(|one| one.id == id) {
            Some(family) => family.names.push(name),
            None => found.push(Family { id, name: String::new(), names: vec![name] }),
        }
    }
    for family in &mut found {
        family.name = common(&family.names).unwrap_or_else(|| family.id.to_owned());
    }
    found
}

/// The words with which all names begin.
fn common(names: &[&str]) -> Option<String> {
    let (first, others) = names.split_first()?;
    let mut shared: Vec<&str> = first.split(' ').collect();
    for other in others {
        let same = shared.iter().zip(other.split(' ')).take_while(|(a, b)| *a == b).count();
        shared.truncate(same);
    }
    (!shared.is_empty()).then(|| shared.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markets_come_together_under_the_words_they_share() {
        let all = [
            ("curve", "Curve 3pool"),
            ("weth", "Wrapped ether"),
            ("curve", "Curve stETH"),
            ("curve", "Curve fraxusdc"),
            ("erc4626", "sDAI"),
            ("curve", "Curve tricrypto"),
            ("erc4626", "Yearn USDC"),
        ];
        let found = families(all);
        let seen: Vec<_> = found.iter().map(|one| (one.name.as_str(), one.names.len())).collect();
        assert_eq!(seen, [("Curve", 4), ("Wrapped ether", 1), ("erc4626", 2)]);
        let large: Vec<_> = found.iter().map(Family::is_large).collect();
        assert_eq!(large, [true, false, false]);
        assert_eq!(families([]), []);
    }
}
