//! Recovery phrases (BIP-39, English list) and the accounts derived from them (BIP-32, BIP-44).

use std::fmt;
use std::str::FromStr;

use alloy::signers::local::coins_bip39::{English, Wordlist as _};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::derive::{HARDENED, WORD_BITS, fits_checksum, key_at, seed};
use super::secret::random;
use super::{KeyError, PrivateKey, Secret};

/// Deepest path taken.
const MAX_DEPTH: usize = 10;

/// A path such as `m/44'/60'/0'/0/0`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DerivationPath(String);

impl DerivationPath {
    /// The path most wallets use: `m/44'/60'/0'/0/index`.
    pub fn standard(index: u32) -> Self {
        Self(format!("m/44'/60'/0'/0/{}", index & !HARDENED))
    }

    /// The path of Ledger Live: `m/44'/60'/index'/0/0`.
    pub fn ledger_live(index: u32) -> Self {
        Self(format!("m/44'/60'/{}'/0/0", index & !HARDENED))
    }

    /// The path of Ledger's older application, and of MyEtherWallet with a Ledger: `m/44'/60'/0'/index`.
    pub fn ledger_legacy(index: u32) -> Self {
        Self(format!("m/44'/60'/0'/{}", index & !HARDENED))
    }
}

impl DerivationPath {
    /// Its steps: index, and whether it is hardened.
    pub fn steps(&self) -> Vec<(u32, bool)> {
        let steps = self.0.split('/').skip(1);
        let step = |text: &str| {
            let (digits, hardened) = text.strip_suffix('\'').map_or((text, false), |digits| (digits, true));
            Some((digits.parse().ok()?, hardened))
        };
        steps.filter_map(step).collect()
    }
}

impl fmt::Display for DerivationPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for DerivationPath {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let wrong = || KeyError::Path { path: text.chars().take(80).collect() };
        let steps: Vec<&str> = text.trim().strip_prefix("m/").ok_or_else(wrong)?.split('/').collect();
        let good = |step: &&str| {
            let digits = step.strip_suffix(['\'', 'h']).unwrap_or(step);
            digits.bytes().all(|byte| byte.is_ascii_digit())
                && digits.parse::<u32>().is_ok_and(|index| index < HARDENED)
        };
        if steps.len() > MAX_DEPTH || !steps.iter().all(good) {
            return Err(wrong());
        }
        Ok(Self(text.trim().replace('h', "'")))
    }
}

/// A checked recovery phrase with its passphrase. Zeroed when dropped; neither `Debug` nor `Clone`.
#[expect(missing_debug_implementations, reason = "a secret is never printed")]
pub struct Phrase {
    words: Secret,
    passphrase: Secret,
}

impl Phrase {
    /// From words as a person types them, and the passphrase ("25th word"; empty for none).
    ///
    /// # Errors
    /// [`KeyError::WordCount`], [`KeyError::UnknownWord`] with its position, [`KeyError::PhraseChecksum`].
    pub fn new(words: &Secret, passphrase: Secret) -> Result<Self, KeyError> {
        let text = words.text().ok_or(KeyError::UnknownWord { position: 1 })?;
        // The list is of ASCII words. Whatever else is written longer in lower case would grow, and leave copies behind.
        let normal = Zeroizing::new(text.to_ascii_lowercase());
        let mut joined = Zeroizing::new(String::with_capacity(normal.len()));
        let mut count = 0_usize;
        for word in normal.split_whitespace() {
            count = count.saturating_add(1);
            if !is_phrase_word(word) {
                return Err(KeyError::UnknownWord { position: count });
            }
            if !joined.is_empty() {
                joined.push(' ');
            }
            joined.push_str(word);
        }
        if !matches!(count, 12 | 15 | 18 | 21 | 24) {
            return Err(KeyError::WordCount { count });
        }
        if !fits_checksum(joined.split(' ').filter_map(place_in_list)) {
            return Err(KeyError::PhraseChecksum);
        }
        Ok(Self { words: Secret::new(joined.as_bytes().to_vec()), passphrase })
    }

    /// A new phrase of 12, 15, 18, 21 or 24 words from the system's randomness.
    ///
    /// # Errors
    /// [`KeyError::WordCount`], [`KeyError::NoRandomness`].
    pub fn generate(words: usize, passphrase: Secret) -> Result<Self, KeyError> {
        if !matches!(words, 12 | 15 | 18 | 21 | 24) {
            return Err(KeyError::WordCount { count: words });
        }
        let mut entropy = Zeroizing::new(vec![0_u8; words.saturating_mul(4) / 3]);
        random(&mut entropy)?;
        Self::of_entropy(&entropy, passphrase)
    }

    /// The words of `entropy` (16, 20, 24, 28 or 32 bytes): its bits and the first bits of its hash, eleven a word.
    fn of_entropy(entropy: &[u8], passphrase: Secret) -> Result<Self, KeyError> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(entropy.len().saturating_add(1)));
        bytes.extend_from_slice(entropy);
        bytes.extend_from_slice(Sha256::digest(entropy).get(..1).unwrap_or_default());
        let bit = |at: usize| bytes.get(at / 8).is_some_and(|byte| byte >> (7 - at % 8) & 1 == 1);
        let count = entropy.len().saturating_mul(3) / 4;
        let mut text = Zeroizing::new(String::with_capacity(count.saturating_mul(9)));
        for word in 0..count {
            let first = word.saturating_mul(WORD_BITS);
            let index = (first..first.saturating_add(WORD_BITS))
                .fold(0_usize, |index, at| index.saturating_mul(2).saturating_add(usize::from(bit(at))));
            let word = English::get(index).map_err(|_index| KeyError::PhraseChecksum)?;
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word);
        }
        Self::new(&Secret::new(text.as_bytes().to_vec()), passphrase)
    }

    /// The key of one account.
    ///
    /// # Errors
    /// [`KeyError::Path`] where nothing can be derived there.
    pub fn key(&self, path: &DerivationPath) -> Result<PrivateKey, KeyError> {
        let wrong = || KeyError::Path { path: path.to_string() };
        let words = self.words.text().unwrap_or_default();
        let passphrase = self.passphrase.text().ok_or(KeyError::PhraseChecksum)?;
        key_at(seed(words, passphrase).as_ref(), &path.steps()).ok_or_else(wrong)?
    }

    /// The words, one space between two.
    pub fn words(&self) -> &Secret {
        &self.words
    }

    pub(super) fn passphrase(&self) -> &Secret {
        &self.passphrase
    }

    /// Asks for three of the words, so that a new phrase is only used once it stands on paper.
    ///
    /// # Errors
    /// [`KeyError::NoRandomness`].
    pub fn confirmation(&self) -> Result<Confirmation, KeyError> {
        let count = self.words.text().unwrap_or_default().split(' ').count();
        let mut positions = Vec::new();
        while positions.len() < 3 {
            let mut byte = [0_u8; 1];
            random(&mut byte)?;
            let position = usize::from(byte.first().copied().unwrap_or_default()) % count.max(1);
            if !positions.contains(&position.saturating_add(1)) {
                positions.push(position.saturating_add(1));
            }
        }
        positions.sort_unstable();
        Ok(Confirmation { positions })
    }

    /// Whether `words` are those at the positions asked for.
    pub fn confirms(&self, asked: &Confirmation, words: &Secret) -> bool {
        let own: Vec<&str> = self.words.text().unwrap_or_default().split(' ').collect();
        let wanted = asked.positions.iter().map(|position| own.get(position.saturating_sub(1)).copied());
        let given = words.text().unwrap_or_default().split_whitespace().map(Some);
        wanted.eq(given)
    }
}

/// Which words a new phrase's owner is asked to repeat, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// Ascending.
    pub positions: Vec<usize>,
}

/// Whether the English list has this word.
pub fn is_phrase_word(word: &str) -> bool {
    place_in_list(word).is_some()
}

fn place_in_list(word: &str) -> Option<usize> {
    English::get_all().binary_search(&word).ok()
}

/// Words of the list that begin so: for completion, off the network.
pub fn phrase_words_starting(prefix: &str) -> impl Iterator<Item = &'static str> {
    let prefix = prefix.to_lowercase();
    English::get_all().iter().copied().filter(move |word| word.starts_with(&prefix))
}

#[cfg(test)]
mod tests {
    use alloy::primitives::{address, hex};
    use alloy::signers::local::MnemonicBuilder;
    use unicode_normalization::UnicodeNormalization as _;

    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::of_text(text.to_owned())
    }

    fn phrase(words: &str, passphrase: &str) -> Phrase {
        Phrase::new(&secret(words), secret(passphrase)).ok().unwrap()
    }

    /// The vectors of BIP-39's reference implementation: entropy, words, seed under the passphrase TREZOR.
    #[test]
    fn bip39_vectors() {
        let vectors = [
            (
                "00000000000000000000000000000000",
                "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about",
                "c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04",
            ),
            (
                "7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f",
                "legal winner thank year wave sausage worth useful legal winner thank yellow",
                "2e8905819b8723fe2c1d161860e5ee1830318dbf49a83bd451cfb8440c28bd6fa457fe1296106559a3c80937a1c1069be3a3a5bd381ee6260e8d9739fce1f607",
            ),
            (
                "ffffffffffffffffffffffffffffffffffffffffffffffff",
                "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo when",
                "0cd6e5d827bb62eb8fc1e262254223817fd068a74b5b449cc2f667c3f1f985a76379b43348d952e2265b4cd129090758b3e3c2c49103b5051aac2eaeb890a528",
            ),
            (
                "0000000000000000000000000000000000000000000000000000000000000000",
                "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon art",
                "bda85446c68413707090a52022edd26a1c9462295029f2e60cd7c4f2bbd3097170af7a4d73245cafa9c3cca8d561a7c3de6f5d4a10be8ed2a5e608d68f92fcc8",
            ),
        ];
        for (entropy, words, seed) in vectors {
            let made = Phrase::of_entropy(&hex::decode(entropy).unwrap(), secret("TREZOR")).ok().unwrap();
            assert_eq!(made.words().text().unwrap(), words);
            assert_eq!(hex::encode(super::seed(words, "TREZOR")), seed);
        }
    }

    /// The library that most wallets in this language use derives the same, on every path and under any passphrase.
    #[test]
    fn others_derive_the_same_keys() {
        for (words, passphrase) in
            [(12, ""), (15, "more"), (18, "caf\u{e9}"), (21, "two words"), (24, "\u{fb01}")]
        {
            let own = Phrase::generate(words, secret(passphrase)).ok().unwrap();
            for path in
                ["m/0", "m/44'/60'/0'/0/7", "m/44'/60'/9'/0/0", "m/44'/60'/0'/3", "m/2147483647'/1/2/3/4/5"]
            {
                let builder = MnemonicBuilder::<English>::default().phrase(own.words().text().unwrap());
                let nfkd: String = passphrase.nfkd().collect();
                let other = builder.password(nfkd).derivation_path(path).unwrap().build().unwrap();
                let key = own.key(&path.parse().unwrap()).ok().unwrap();
                assert_eq!(key.address(), other.address(), "{words} words at {path}");
            }
        }
    }

    #[test]
    fn the_known_accounts_of_a_known_phrase() {
        let own = phrase("test test test test test test test test test test test junk", "");
        let accounts = [
            (DerivationPath::standard(0), address!("f39Fd6e51aad88F6F4ce6aB8827279cffFb92266")),
            (DerivationPath::standard(1), address!("70997970C51812dc3A010C7d01b50e0d17dc79C8")),
            (DerivationPath::ledger_live(0), address!("f39Fd6e51aad88F6F4ce6aB8827279cffFb92266")),
            (DerivationPath::ledger_live(1), address!("8C8d35429F74ec245F8Ef2f4Fd1e551cFF97d650")),
        ];
        for (path, expected) in accounts {
            assert_eq!(own.key(&path).ok().unwrap().address(), expected, "{path}");
        }
        let other = phrase("test test test test test test test test test test test junk", "more");
        assert_ne!(other.key(&DerivationPath::standard(0)).ok().unwrap().address(), accounts_first());
    }

    fn accounts_first() -> alloy::primitives::Address {
        address!("f39Fd6e51aad88F6F4ce6aB8827279cffFb92266")
    }

    #[test]
    fn a_passphrase_is_the_same_however_its_letters_are_composed() {
        let words = "legal winner thank year wave sausage worth useful legal winner thank yellow";
        let (composed, decomposed) = (phrase(words, "caf\u{e9}"), phrase(words, "cafe\u{301}"));
        let path = DerivationPath::standard(0);
        assert_eq!(
            composed.key(&path).ok().unwrap().address(),
            decomposed.key(&path).ok().unwrap().address()
        );
    }

    #[test]
    fn mistakes_name_their_place_and_no_word() {
        let error = |words: &str| Phrase::new(&secret(words), secret("")).err().unwrap();
        let eleven = "test ".repeat(11);
        assert_eq!(error(&eleven), KeyError::WordCount { count: 11 });
        assert_eq!(
            error("test test test test test test tset test test test test junk"),
            KeyError::UnknownWord { position: 7 }
        );
        assert_eq!(error(&"test ".repeat(12)), KeyError::PhraseChecksum);
        assert!(
            Phrase::new(
                &secret(" TEST test\ttest test test test test test test test test\njunk "),
                secret("")
            )
            .is_ok()
        );
    }

    #[test]
    fn a_new_phrase_must_be_repeated_in_part() {
        for words in [12, 15, 18, 21, 24] {
            let made = Phrase::generate(words, secret("")).ok().unwrap();
            let all: Vec<&str> = made.words().text().unwrap().split(' ').collect();
            assert_eq!(all.len(), words);
            let asked = made.confirmation().unwrap();
            let right: Vec<&str> = asked.positions.iter().map(|at| all[at - 1]).collect();
            assert!(made.confirms(&asked, &secret(&right.join(" "))));
            assert!(!made.confirms(&asked, &secret(right[0])) && !made.confirms(&asked, &secret("")));
        }
        assert_eq!(Phrase::generate(13, secret("")).err(), Some(KeyError::WordCount { count: 13 }));
    }

    #[test]
    fn paths_are_read_and_nonsense_is_not() {
        assert_eq!("m/44h/60h/0h/0/7".parse::<DerivationPath>().unwrap().to_string(), "m/44'/60'/0'/0/7");
        for wrong in ["", "m", "m/", "44'/60'", "m/44''/0", "m/2147483648", "m/a", "m/+1", &"m/0".repeat(40)]
        {
            assert!(wrong.parse::<DerivationPath>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn words_complete_off_the_network() {
        assert_eq!(phrase_words_starting("zo").collect::<Vec<_>>(), ["zone", "zoo"]);
        assert!(is_phrase_word("abandon") && !is_phrase_word("lifeboat"));
    }
}
