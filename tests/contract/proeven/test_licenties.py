"""De licentieregel zelf."""

import unittest

from afhankelijkheden import licentie_mag

MAG = {"MIT", "Apache-2.0", "BSD-3-Clause", "Unicode-3.0"}


class Licenties(unittest.TestCase):
    def test_een_keuze_met_een_toegestane_kant_mag(self) -> None:
        for expressie in ("MIT", "MIT OR GPL-3.0", "MIT/Apache-2.0", "Apache-2.0 / MIT", "LGPL-2.1-or-later OR MIT",
                          "(MIT OR Apache-2.0) AND Unicode-3.0", "Apache-2.0 WITH LLVM-exception OR GPL-2.0-only"):
            self.assertTrue(licentie_mag(expressie, MAG), expressie)

    def test_een_verplichte_kant_die_niet_mag_houdt_tegen(self) -> None:
        for expressie in ("GPL-3.0-only", "MIT AND GPL-3.0-only", "(MIT OR Apache-2.0) AND AGPL-3.0", "", "GPL-3.0 OR AGPL-3.0"):
            self.assertFalse(licentie_mag(expressie, MAG), expressie)


if __name__ == "__main__":
    unittest.main()
