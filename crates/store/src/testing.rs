//! Proefbank.
