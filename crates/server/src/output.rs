//! De enige plek die naar de terminal schrijft; een verbroken pijp is geen fout.

use std::io::Write as _;

/// Een regel op de standaarduitvoer.
pub(crate) fn line(text: impl AsRef<str>) {
    let mut out = std::io::stdout().lock();
    let _gone = writeln!(out, "{}", text.as_ref());
    let _gone = out.flush();
}

/// Een regel op de foutuitvoer.
pub(crate) fn complain(text: impl AsRef<str>) {
    let _gone = writeln!(std::io::stderr().lock(), "{}", text.as_ref());
}
