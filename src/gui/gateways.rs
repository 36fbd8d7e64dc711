//! Leave to ask web servers that a contract names (EIP-3668): who would learn what, and a button.

use egui::{RichText, Ui};

use super::ui_state::UiState;
use super::widgets;
use super::words::Word;
use crate::app::{CallQuestion, ContractQuestion, GatewayConsent, Question};

/// The same question with leave to ask `hosts` too; `None` where nothing that it asks is kept on web servers.
fn with_leave(question: &Question, hosts: &[String]) -> Option<Question> {
    let Question::Contract(question) = question else { return None };
    let also = |before: Option<&GatewayConsent>| {
        let mut agreed = match before {
            Some(GatewayConsent::Only(agreed)) => agreed.clone(),
            _ => Vec::new(),
        };
        agreed.extend(hosts.iter().filter(|host| !agreed.contains(host)).cloned().collect::<Vec<_>>());
        GatewayConsent::Only(agreed)
    };
    Some(Question::Contract(match question {
        ContractQuestion::Name(name, tag) => ContractQuestion::NameByGateways(name.clone(), also(None), *tag),
        ContractQuestion::NameByGateways(name, before, tag) => {
            ContractQuestion::NameByGateways(name.clone(), also(Some(before)), *tag)
        }
        ContractQuestion::NameOf(who, before, tag) => {
            ContractQuestion::NameOf(*who, Some(also(before.as_ref())), *tag)
        }
        ContractQuestion::Call(call) => ContractQuestion::Call(CallQuestion {
            gateways: Some(also(call.gateways.as_ref())),
            ..call.clone()
        }),
        _ => return None,
    }))
}

/// That an answer is kept on web servers (where that is not said yet), who would learn what, and a button that asks them. The question to ask where it
/// was pressed.
pub(super) fn elsewhere_ui(
    ui: &mut Ui,
    question: &Question,
    (words, hosts): (&str, &[String]),
    state: &UiState,
) -> Option<Question> {
    if !words.is_empty() {
        ui.label(RichText::new(words).color(state.palette.unverified));
    }
    let all = hosts.join(", ");
    let learns = match question {
        Question::Contract(ContractQuestion::Name(..) | ContractQuestion::NameByGateways(..)) => {
            Word::NameGatewayLearns
        }
        _ => Word::GatewayLearns,
    };
    widgets::quiet(ui, state, &state.tf(learns, &[&all]));
    let pressed = ui.button(state.tf(Word::NameAskGateway, &[&all])).clicked();
    if pressed { with_leave(question, hosts) } else { None }
}

/// Who said what stands below.
pub(super) fn told_by(ui: &mut Ui, hosts: &[String], state: &UiState) {
    ui.label(RichText::new(state.tf(Word::NameToldBy, &[&hosts.join(", ")])).color(state.palette.unverified));
}
