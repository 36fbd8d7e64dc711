//! Commands with arguments of their own, one a file: its words and how it runs.
