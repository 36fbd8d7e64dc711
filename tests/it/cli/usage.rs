//! Words that cannot be understood: exit code 2, nothing on stdout, and what is wrong and wanted on stderr.

use super::lab::lifeboat;

const ADDRESS: &str = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045";

/// Without a display the window cannot open, and the command line says how to go on; a build without it says so.
const NO_WINDOW: &str =
    if cfg!(feature = "gui") { "no display was found" } else { "built without its window" };

#[test]
fn every_mistake_is_named() {
    let hash = format!("0x{}", "ab".repeat(32));
    let mistyped = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96046";
    let cases: &[(&[&str], &str)] = &[
        (&["balance", mistyped], "the checksum of 0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96046 is wrong"),
        (&["balance", ADDRESS, mistyped], "at least one character was mistyped"),
        (
            &["balance", "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA9604"],
            "an address has 40 hex digits after 0x; this has 39",
        ),
        (&["balance", &hash], "this has 64 (as a hash has)"),
        (&["balance", "0xg8dA6BF26964aF9D7eEd9e03E53415D37aA96045"], "'g' is not a hex digit"),
        (&["balance", "a..eth"], "a part of it is empty"),
        (&["balance", "v\u{456}talik.eth"], "is no valid name"),
        (&["decode", "0x", "--to", "vitalik.eth"], "a name is not looked up here"),
        (&["call", ADDRESS], "<SIGNATURE>"),
        (&["tokens"], "<ADDRESS>"),
        (&["tokens", "--collectible", ADDRESS], "write the contract, a colon"),
        (&["logs", "--event", "Transfer"], "write it like Transfer(address,address,uint256)"),
        (&["logs", "--topic0", "0x12"], "a hash has 64 hex digits"),
        (&["gas", "--data", "12"], "calldata begins with 0x"),
        (&["price"], "<SYMBOL|ADDRESS>"),
        (&["balance"], "<ADDRESS>..."),
        (&["account", ""], "this has 0"),
        (&["tx", ADDRESS], "a hash has 64 hex digits after 0x; this has 40 (as an address has)"),
        (&["tx", "0x12"], "a hash has 64 hex digits after 0x; this has 2"),
        (&["block", "soon"], "give a number, a 0x hash of 64 digits, latest or finalized"),
        (&["block", "-1"], "give a number"),
        (&["block", "18446744073709551616"], "give a number"),
        (&["storage", ADDRESS, "-1"], "\"-1\" is no slot"),
        (&["storage", ADDRESS, "0x1zz"], "is no slot"),
        (&["storage", ADDRESS], "<SLOT>"),
        (&["--network", "mainet", "status"], "[possible values: mainnet, sepolia, hoodi, custom, practice]"),
        (&["--checkpoint", "0x12", "status"], "a hash has 64 hex digits"),
        (&["--beacon", "not a url", "status"], "\"not a url\" is not a URL"),
        (&["--beacon", "file:///etc/passwd", "status"], "give an http:// or https:// address"),
        (&["--execution", "http://169.254.169.254/", "status"], "link-local"),
        (&["--timeout", "0", "status"], "0 is not in 1..=86400"),
        (&["--timeout", "soon", "status"], "invalid digit"),
        (&["--at", "genesis", "balance", ADDRESS], "[possible values: latest, finalized]"),
        (&["status", "now"], "unexpected argument 'now'"),
        (&["stauts"], "'status'"),
        (&["checkpoint", "trust"], "unrecognized subcommand 'trust'"),
        (&["practice", "--slot-seconds", "0"], "0 is not in 1..=60"),
        (&[], NO_WINDOW),
    ];
    for (args, words) in cases {
        let run = lifeboat(args);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{args:?}: {run:?}");
        assert!(run.err.contains(words), "{args:?}: {}", run.err);
    }
}

#[test]
fn help_teaches() {
    let run = lifeboat(&["--help"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let words = [
        "Exit codes: 0 done, 1 proven no, 2 bad usage, 3 could not reach or verify.",
        "lifeboat --network practice status",
        "at least two thirds of a random committee of 512 validators signed",
        "\"proof\":",
        "How an answer is known:",
    ];
    let text = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in words {
        assert!(text.contains(words), "{words}: {text}");
    }
    for command in
        ["status", "balance", "account", "storage", "block", "tx", "endpoints", "checkpoint", "practice"]
    {
        let run = lifeboat(&[command, "--help"]);
        assert!(run.code == 0 && run.out.contains("Usage: lifeboat") && run.err.is_empty(), "{run:?}");
    }
    assert_eq!(lifeboat(&["--version"]).out.trim(), concat!("lifeboat ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn settings_that_cannot_be_used_are_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.toml");
    let cases = [
        ("[custom", "the settings cannot be read"),
        ("proxi = \"x\"\n", "unknown field `proxi`"),
        ("[networks.custom]\nbeacon = [\"ftp://x\"]\n", "no [custom] section"),
        ("[networks.mainnet]\nbeacon = [\"ftp://x\"]\n", "give an http:// or https:// address"),
    ];
    for (content, words) in cases {
        std::fs::write(&path, content).unwrap();
        let network = if content.contains("mainnet") { "mainnet" } else { "custom" };
        let run = lifeboat(&["--network", network, "--data-dir", folder.path().to_str().unwrap(), "status"]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{run:?}");
        assert!(run.err.to_lowercase().contains(&words.to_lowercase()), "{content}: {}", run.err);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), content);
    }
}
