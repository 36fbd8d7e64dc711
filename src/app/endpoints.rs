//! What the user does with endpoints while the program runs: add, remove, switch off, work offline.

use std::sync::Arc;

use super::core::Core;
use super::{Lie, Notice, Trial, TrialOutcome};
use crate::sources::{EndpointConfig, EndpointId, EndpointKind, Probe, SourceError};
use crate::storage::AddedEndpoint;

impl Core {
    /// New lies are told and their bytes kept on disk.
    pub(super) fn keep_evidence(&mut self) {
        let evidence = self.pool.evidence();
        for record in evidence.iter().filter(|record| record.serial > self.evidence_kept) {
            let text = format!(
                "{} gave an answer that broke a rule and is not asked again: {}.",
                record.endpoint, record.rule
            );
            self.notices.push(Notice { text });
            self.lies.push(Lie {
                endpoint: record.endpoint.clone(),
                rule: record.rule.clone(),
                bytes: record.bytes.clone(),
                at_ms: self.edges.clock.unix_ms(),
            });
            self.snapshot.lies = self.lies.clone().into();
            if self.data.is_read_only() {
                continue;
            }
            let (data, record) = (Arc::clone(&self.data), record.clone());
            tokio::task::spawn_blocking(move || {
                if let Err(error) = data.keep_evidence(&record.endpoint.0, &record.rule, &record.bytes) {
                    tracing::warn!(%error, "evidence was not kept");
                }
            });
        }
        self.evidence_kept = evidence.last().map_or(self.evidence_kept, |record| record.serial);
    }

    /// Tries an endpoint out; [`Core::tried`] adds it.
    pub(super) fn add_endpoint(&mut self, config: EndpointConfig, anyway: bool) {
        let there = |outcome| Trial { label: config.label(), kind: config.kind, outcome };
        let twin = self.pool.report().iter().any(|one| self.pool.config(&one.id).as_ref() == Some(&config));
        if twin {
            self.snapshot.trial = Some(there(TrialOutcome::AlreadyThere));
            return;
        }
        self.snapshot.trial = Some(there(TrialOutcome::Running));
        let (pool, period) = (Arc::clone(&self.pool), self.edges.spec.period_at(self.edges.clock_slot()));
        self.jobs.try_out(async move {
            let probe = pool.try_out(config.clone(), period).await;
            (config, anyway, probe)
        });
    }

    /// An endpoint was tried out: it joins unless it serves another network, or does not answer.
    pub(super) fn tried(&mut self, config: EndpointConfig, anyway: bool, probe: &Probe) {
        let outcome = match (verdict(probe), anyway) {
            (TrialOutcome::NoAnswer(_), true) => TrialOutcome::Added,
            (verdict, _) => verdict,
        };
        self.snapshot.trial =
            Some(Trial { label: config.label(), kind: config.kind, outcome: outcome.clone() });
        if !matches!(outcome, TrialOutcome::Added | TrialOutcome::AddedWithoutProofs) {
            return;
        }
        let chosen = AddedEndpoint { kind: config.kind.name().to_owned(), url: config.url.to_string() };
        self.pool.add(config, true);
        self.choose(|choices| choices.added.push(chosen));
    }

    /// Removes an endpoint that the user added.
    pub(super) fn remove_endpoint(&mut self, endpoint: &EndpointId) {
        let Some(config) = self.pool.remove(endpoint) else { return };
        let url = config.url.to_string();
        self.choose(|choices| {
            choices.added.retain(|one| one.url != url || one.kind != config.kind.name());
            choices.off.retain(|one| *one != url);
        });
    }

    /// Asks an endpoint, or no more.
    pub(super) fn set_endpoint(&mut self, endpoint: &EndpointId, on: bool) {
        let Some(config) = self.pool.config(endpoint) else { return };
        self.pool.set_on(endpoint, on);
        let url = config.url.to_string();
        self.choose(|choices| {
            choices.off.retain(|one| *one != url);
            if !on {
                choices.off.push(url);
            }
        });
    }

    /// The proxy of the next start; an empty text means none.
    pub(super) fn set_proxy(&mut self, proxy: String) {
        self.snapshot.proxy = Some(proxy.clone()).filter(|proxy| !proxy.is_empty());
        self.choices.proxy = Some(proxy);
        self.keep_choices();
    }

    fn choose(&mut self, change: impl FnOnce(&mut crate::storage::NetworkChoices)) {
        change(self.choices.networks.entry(self.edges.spec.name.clone()).or_default());
        self.keep_choices();
    }

    fn keep_choices(&mut self) {
        if self.keeps
            && !self.data.is_read_only()
            && let Err(error) = self.data.save_choices(&self.choices)
        {
            self.notices.push(Notice { text: error.to_string() });
        }
    }

    /// How far this computer's clock is behind the clocks of the hosts that answered, in milliseconds: the middle one
    /// counts. Hosts only claim their time, so nothing is ever set by it.
    pub(super) fn clock_skew_ms(&self) -> Option<i64> {
        let now = i128::from(self.edges.clock.unix_ms());
        let mut skews: Vec<i128> =
            self.pool.claimed_times_ms().into_iter().map(|time| i128::from(time) - now).collect();
        skews.sort_unstable();
        skews.get(skews.len() / 2).and_then(|middle| i64::try_from(*middle).ok())
    }
}

/// What a probe says about an endpoint's use.
fn verdict(probe: &Probe) -> TrialOutcome {
    let found = |what: &str| probe.findings.iter().find(|finding| finding.what == what);
    for finding in &probe.findings {
        if let Err(SourceError::WrongNetwork { found, expected }) = &finding.outcome {
            return TrialOutcome::WrongNetwork { found: found.clone(), expected: expected.clone() };
        }
    }
    let needed: &[&str] = match probe.kind {
        EndpointKind::Beacon => &["finality update"],
        EndpointKind::Execution => &["network", "head"],
    };
    for what in needed {
        match found(what).map(|finding| &finding.outcome) {
            Some(Ok(_)) => {}
            Some(Err(error)) => return TrialOutcome::NoAnswer(error.to_string()),
            None => return TrialOutcome::NoAnswer(format!("nothing about its {what}")),
        }
    }
    match (probe.kind, found("proofs").map(|finding| &finding.outcome)) {
        (EndpointKind::Execution, Some(Ok(_))) | (EndpointKind::Beacon, _) => TrialOutcome::Added,
        _ => TrialOutcome::AddedWithoutProofs,
    }
}
