//! Wat mensen buiten de API lezen.

pub mod svg;
