//! Accounts go from the command line: with a confirmation, and nothing of the journal goes with them.

use lifeboat::devnet::execution::PRACTICE_ACCOUNTS;

use super::lab::Lab;
use super::wallet::typed;

#[test]
fn a_key_goes_only_by_its_name_and_what_it_signed_stays() {
    let lab = Lab::start(1);
    let digits = alloy::primitives::hex::encode(PRACTICE_ACCOUNTS[4].key);
    let import = ["key", "import", "--raw", "--name", "mine", "--secret-fd", "0", "--password-fd", "0"];
    assert_eq!(typed(&lab, &import, &format!("{digits}\npw\n")).code, 0);
    let send = ["send", "practice-1", "1", "--from", "mine", "--yes", "--no-send", "--password-fd", "0"];
    let signed = typed(&lab, &send, "pw\n");
    assert_eq!(signed.code, 0, "{signed:?}");
    for answer in [&[][..], &["--yes"], &["--confirm", "other"]] {
        let refused = lab.run(&[&["accounts", "remove", "mine"][..], answer].concat());
        assert_eq!(refused.code, 2, "{answer:?}: {refused:?}");
        assert!(refused.err.contains("the account is lost for good"), "{}", refused.err);
        assert!(refused.err.contains("One of its transactions is not in a final block"), "{}", refused.err);
    }
    assert!(lab.run(&["key", "list"]).done().out.contains("mine  key file\n"));
    let gone = lab.run(&["accounts", "remove", "mine", "--confirm", "mine"]);
    assert_eq!((gone.code, gone.out.as_str()), (0, "Removed      mine\n"), "{gone:?}");
    assert!(!lab.run(&["key", "list"]).done().out.contains("mine"));
    assert_eq!(std::fs::read_dir(lab.path().join("keys")).unwrap().count(), 0);
    let activity = lab.run(&["activity"]).done().out;
    assert!(activity.contains("saved  Send 1 ETH\n"), "{activity}");
}

#[test]
fn a_phrase_goes_with_its_accounts_and_what_was_watched_with_a_yes() {
    let lab = Lab::start(1);
    let phrase = "test test test test test test test test test test test junk";
    let import = [
        "key",
        "import",
        "--phrase",
        "--name",
        "ours",
        "--accounts",
        "2",
        "--secret-fd",
        "0",
        "--password-fd",
        "0",
    ];
    assert_eq!(typed(&lab, &import, &format!("{phrase}\npw\n")).code, 0);
    let gone = lab.run(&["--json", "accounts", "remove", "ours-1", "--confirm", "ours-1"]);
    assert_eq!(gone.code, 0, "{gone:?}");
    assert!(gone.err.contains("Every account above is of the same phrase and goes with it."), "{}", gone.err);
    assert_eq!(gone.json()["removed"].as_array().unwrap().len(), 2);
    lab.run(&["accounts", "watch", "0x00000000000000000000000000000000000000aa", "Cold"]).done();
    let unsure = lab.run(&["accounts", "remove", "Cold"]);
    assert_eq!(unsure.code, 2, "{unsure:?}");
    assert!(unsure.err.contains("Nobody confirmed it."), "{}", unsure.err);
    assert_eq!(lab.run(&["accounts", "remove", "Cold", "--yes"]).out, "Removed      Cold\n");
    assert!(!lab.run(&["accounts", "--offline"]).done().out.contains("Cold"));
    for (name, words) in [
        ("0x00000000000000000000000000000000000000aa", "is no account of this wallet"),
        ("practice-0", "is a key of the practice network itself"),
        ("nobody", "There is no account"),
    ] {
        let refused = lab.run(&["accounts", "remove", name, "--yes"]);
        assert_eq!(refused.code, 2, "{refused:?}");
        assert!(refused.err.contains(words), "{name}: {}", refused.err);
    }
}

/// Whichever command opens a damaged journal first is the one that says so, and nothing it held is lost.
#[test]
fn a_damaged_journal_is_told_of_by_the_command_that_finds_it() {
    let lab = Lab::start(1);
    let send = |amount| {
        let words = ["send", "practice-1", amount, "--from", "practice-0", "--yes", "--no-send"];
        lab.run(&words)
    };
    assert_eq!((send("1").code, send("2").code), (0, 0));
    let path = lab.path().join("custom/journal");
    let mut bytes = std::fs::read(&path).unwrap();
    // One byte of the first record.
    bytes[200] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let third = send("3");
    assert!(third.err.contains("The journal was damaged."), "{third:?}");
    let after = lab.run(&["activity"]).done();
    assert!(after.out.contains("Send 2 ETH"), "{after:?}");
    assert!(after.out.contains("Send 3 ETH"), "{after:?}");
}
