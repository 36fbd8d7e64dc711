//! F6 and Shift+F6: the focus goes to the next region of the window, or the one before.

use egui::{Context, Id, Key, LayerId, Modifiers, Rect, Ui};

/// Moves the focus where F6 was pressed. `regions` are those of this frame, in reading order.
pub(super) fn step(ui: &Ui, regions: &[Rect]) {
    let pressed = |modifiers| ui.input_mut(|input| input.consume_key(modifiers, Key::F6));
    // With Shift first: without it the same key would match both.
    let back = pressed(Modifiers::SHIFT);
    if !back && !pressed(Modifiers::NONE) {
        return;
    }
    let places = places(ui.ctx(), ui.layer_id(), regions);
    let firsts: Vec<Option<Id>> = (0..regions.len())
        .map(|region| places.iter().find(|(of, _)| *of == region).map(|(_, id)| *id))
        .collect();
    let focused = ui.memory(|memory| memory.focused());
    let now = focused.and_then(|id| places.iter().find(|(_, one)| *one == id)).map(|(region, _)| *region);
    let count = regions.len();
    let at = |step: usize| match (now, back) {
        (Some(now), false) => (now + step) % count,
        (Some(now), true) => (now + count - step) % count,
        (None, false) => step - 1,
        (None, true) => count - step,
    };
    let next = (1..=count).find_map(|step| firsts.get(at(step)).copied().flatten());
    if let Some(id) = next {
        ui.memory_mut(|memory| memory.request_focus(id));
    }
}

/// What can take the focus and is to be seen, in reading order, with its region.
fn places(context: &Context, layer: LayerId, regions: &[Rect]) -> Vec<(usize, Id)> {
    context.viewport(|viewport| {
        let widgets = viewport.this_pass.widgets.get_layer(layer);
        let able =
            widgets.filter(|one| one.enabled && one.sense.is_focusable() && one.interact_rect.is_positive());
        let of = |centre| regions.iter().position(|region| region.contains(centre));
        able.filter_map(|one| Some((of(one.interact_rect.center())?, one.id))).collect()
    })
}
