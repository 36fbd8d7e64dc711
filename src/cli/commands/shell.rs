//! What the shell and the manual know of this program, made from its own arguments.

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::super::Exit;
use super::super::args::Args;
use super::super::output::{misused, raw};
use crate::app::Reason;

/// Whose manual page.
#[derive(Debug, Clone, clap::Args)]
pub struct ManArgs {
    /// The page of this command, as `send`; without it that of the program
    command: Option<String>,
}

/// Prints the completions of a shell.
pub(in crate::cli) fn completions(shell: Shell) -> Exit {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "lifeboat", &mut bytes);
    raw(&bytes)
}

/// Prints a manual page in roff.
pub(in crate::cli) fn man(args: &Args, asked: &ManArgs) -> Exit {
    let mut program = Args::command();
    program.build(); // names of commands and what they inherit
    let page = match &asked.command {
        None => Some(program),
        Some(name) => {
            program.find_subcommand(name).cloned().map(|found| found.display_name(format!("lifeboat-{name}")))
        }
    };
    let Some(page) = page else {
        let what = format!("There is no command {:?}", asked.command.as_deref().unwrap_or_default());
        return misused(args, &Reason::new(&what, "no page was printed", "see `lifeboat --help`"));
    };
    let mut bytes = Vec::new();
    if let Err(error) = clap_mangen::Man::new(page).render(&mut bytes) {
        let what = format!("The page could not be made: {error}");
        return misused(args, &Reason::new(&what, "this is a fault of the program", "report it"));
    }
    raw(&bytes)
}
