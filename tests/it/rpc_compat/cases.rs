//! The `.io` files: requests and recorded answers.

use std::path::Path;

use serde_json::Value;

/// One file.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) method: String,
    pub(super) name: String,
    /// Only the shape of the answer is compared.
    pub(super) shape_only: bool,
    /// Requests with their recorded answers.
    pub(super) exchanges: Vec<(Value, Value)>,
}

/// Every file below `tests`, by method and name.
pub(super) fn all(tests: &Path) -> Vec<Case> {
    let mut cases = Vec::new();
    for folder in std::fs::read_dir(tests).unwrap().flatten().filter(|one| one.path().is_dir()) {
        for file in std::fs::read_dir(folder.path()).unwrap().flatten() {
            if file.path().extension().is_some_and(|extension| extension == "io") {
                cases.push(read(&folder.file_name().to_string_lossy(), &file.path()));
            }
        }
    }
    cases.sort_by(|a, b| (&a.method, &a.name).cmp(&(&b.method, &b.name)));
    assert!(!cases.is_empty(), "{}", tests.display());
    cases
}

fn read(method: &str, path: &Path) -> Case {
    let text = std::fs::read_to_string(path).unwrap();
    let json = |line: &str| serde_json::from_str::<Value>(line).unwrap();
    let mut exchanges = Vec::new();
    let mut asked = None;
    for line in text.lines() {
        if let Some(request) = line.strip_prefix(">> ") {
            asked = Some(json(request));
        } else if let Some(answer) = line.strip_prefix("<< ") {
            exchanges.push((asked.take().unwrap(), json(answer)));
        }
    }
    assert!(!exchanges.is_empty(), "{}", path.display());
    Case {
        method: method.to_owned(),
        name: path.file_stem().unwrap().to_string_lossy().into_owned(),
        shape_only: text.lines().any(|line| line.starts_with("// speconly:")),
        exchanges,
    }
}

/// What is wrong with an answer, if anything is. Words of errors are each client's own.
pub(super) fn difference(case: &Case, answer: &Value, recorded: &Value) -> Option<String> {
    match (answer.get("error"), recorded.get("error")) {
        (None, None) if case.shape_only => {
            let same = same_shape(&answer["result"], &recorded["result"]);
            (!same).then(|| "another shape".to_owned())
        }
        (None, None) => first_difference("result", &answer["result"], &recorded["result"]),
        (Some(ours), Some(theirs)) => {
            let data = case.shape_only || ours.get("data") == theirs.get("data");
            (ours["code"] != theirs["code"] || !data).then(|| "another error".to_owned())
        }
        (Some(_), None) => Some("an error in place of a result".to_owned()),
        (None, Some(_)) => Some("a result in place of an error".to_owned()),
    }
}

fn first_difference(at: &str, ours: &Value, theirs: &Value) -> Option<String> {
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) => {
            let names: std::collections::BTreeSet<_> = a.keys().chain(b.keys()).collect();
            names.into_iter().find_map(|name| {
                let (a, b) = (a.get(name).unwrap_or(&Value::Null), b.get(name).unwrap_or(&Value::Null));
                first_difference(&format!("{at}.{name}"), a, b)
            })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(i, (a, b))| first_difference(&format!("{at}[{i}]"), a, b))
        }
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => None,
        (a, b) => (a != b).then(|| format!("{at}: {a} for {b}")),
    }
}

/// The same members, and values of the same kind.
fn same_shape(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same_shape(a, b)))
        }
        (Value::Array(a), Value::Array(b)) => a.iter().zip(b).all(|(a, b)| same_shape(a, b)),
        (Value::String(a), Value::String(b)) => a.starts_with("0x") == b.starts_with("0x"),
        (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
    }
}

#[test]
fn a_difference_is_seen() {
    let case =
        |shape_only| Case { method: String::new(), name: String::new(), shape_only, exchanges: Vec::new() };
    let json = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let recorded = json(r#"{"result":{"a":"0x1","b":[{"c":null}],"d":[0]}}"#);
    assert_eq!(difference(&case(false), &recorded, &recorded), None);
    let float = json(r#"{"result":{"a":"0x1","b":[{"c":null}],"d":[0.0]}}"#);
    assert_eq!(difference(&case(false), &float, &recorded), None);
    for other in [
        r#"{"result":{"a":"0x2","b":[{"c":null}],"d":[0]}}"#,
        r#"{"result":{"a":"0x1","b":[{"c":"0x"}],"d":[0]}}"#,
        r#"{"result":{"a":"0x1","b":[],"d":[0]}}"#,
        r#"{"result":{"a":"0x1","b":[{"c":null}],"d":[0],"e":1}}"#,
        r#"{"result":null}"#,
        r#"{"error":{"code":3}}"#,
    ] {
        assert!(difference(&case(false), &json(other), &recorded).is_some(), "{other}");
    }
    assert_eq!(
        difference(&case(true), &json(r#"{"result":{"a":"0x9","b":[{"c":null}],"d":[1]}}"#), &recorded),
        None
    );
    for other in
        [r#"{"result":{"a":"0x9","b":[{"c":null}]}}"#, r#"{"result":{"a":1,"b":[{"c":null}],"d":[1]}}"#]
    {
        assert!(difference(&case(true), &json(other), &recorded).is_some(), "{other}");
    }
    let reverted = json(r#"{"error":{"code":3,"message":"x","data":"0x01"}}"#);
    let same = json(r#"{"error":{"code":3,"message":"y","data":"0x01"}}"#);
    let other = json(r#"{"error":{"code":3,"message":"y","data":"0x02"}}"#);
    assert_eq!(difference(&case(false), &same, &reverted), None);
    assert!(difference(&case(false), &other, &reverted).is_some());
}
