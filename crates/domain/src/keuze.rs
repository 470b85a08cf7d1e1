//! Gesloten keuzelijsten: één macro, zodat naam op de draad, in de database en in code gelijk zijn.

/// Maakt een enum met vaste kleine-letternamen (`as_str`, `FromStr`, `ALLE`, serde en schema).
macro_rules! keuze {
    ($(#[$meta:meta])* $naam:ident { $($(#[$vmeta:meta])* $variant:ident = $tekst:tt),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        pub enum $naam {
            $($(#[$vmeta])* #[serde(rename = $tekst)] $variant),+
        }

        impl $naam {
            /// Alle waarden, in de volgorde van de bron.
            pub const ALLE: &'static [Self] = &[$(Self::$variant),+];

            /// De naam op de draad en in de database.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $tekst),+ }
            }
        }

        impl std::str::FromStr for $naam {
            type Err = crate::weigering::OnbekendeWaarde;
            fn from_str(tekst: &str) -> Result<Self, Self::Err> {
                match tekst {
                    $($tekst => Ok(Self::$variant),)+
                    _ => Err(crate::weigering::OnbekendeWaarde { soort: stringify!($naam) }),
                }
            }
        }

        impl std::fmt::Display for $naam {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use keuze;
