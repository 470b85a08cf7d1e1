//! Een tabel voor mensen: kolommen op breedte, de laatste zonder opvulling.

pub(crate) struct Tabel {
    kop: Vec<String>,
    regels: Vec<Vec<String>>,
}

impl Tabel {
    pub(crate) fn new(kop: &[&str]) -> Self {
        Self { kop: kop.iter().map(|naam| (*naam).to_owned()).collect(), regels: Vec::new() }
    }

    pub(crate) fn regel<const N: usize>(&mut self, cellen: [&str; N]) {
        self.regels.push(cellen.iter().map(|cel| schoon(cel)).collect());
    }

    pub(crate) fn tekst(&self) -> String {
        let met_kop = self.kop.iter().any(|naam| !naam.is_empty());
        let alles: Vec<&Vec<String>> = met_kop.then_some(&self.kop).into_iter().chain(&self.regels).collect();
        let breedtes: Vec<usize> =
            (0..self.kop.len()).map(|kolom| alles.iter().filter_map(|regel| regel.get(kolom)).map(|cel| cel.chars().count()).max().unwrap_or(0)).collect();
        let mut tekst = String::new();
        for regel in alles {
            let cellen: Vec<String> = regel.iter().zip(&breedtes).map(|(cel, breedte)| format!("{cel:<breedte$}")).collect();
            tekst.push_str(cellen.join("  ").trim_end());
            tekst.push('\n');
        }
        tekst
    }
}

/// Tekst van anderen mag het scherm niet besturen.
fn schoon(tekst: &str) -> String {
    tekst.chars().map(|teken| if teken.is_control() { ' ' } else { teken }).collect()
}

#[cfg(test)]
mod tests {
    use super::Tabel;

    #[test]
    fn kolommen_staan_onder_elkaar_en_stuurtekens_verdwijnen() {
        let mut tabel = Tabel::new(&["kenmerk", "naam"]);
        tabel.regel(["T-1", "één\u{1b}[31m"]);
        tabel.regel(["T-2026-0042", "b"]);
        assert_eq!(tabel.tekst(), "kenmerk      naam\nT-1          één [31m\nT-2026-0042  b\n");
    }
}
