//! De woorden op de bladzijden, in twee talen. Nederlands is de taal van de dienst; Engels voor wie dat niet leest.

/// De taal van een bladzijde.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Taal {
    #[default]
    Nl,
    En,
}

impl Taal {
    /// De eerste taal die wij kennen uit `ui_locales` (OIDC Core, 3.1.2.1) of een cookie.
    pub(crate) fn uit(talen: &str) -> Option<Self> {
        talen.split([' ', ',']).find_map(|taal| match taal.split(['-', '_', ';']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "nl" => Some(Self::Nl),
            "en" => Some(Self::En),
            _ => None,
        })
    }

    pub(crate) const fn woorden(self) -> &'static Woorden {
        match self {
            Self::Nl => &NL,
            Self::En => &EN,
        }
    }
}

macro_rules! woorden {
    ($($naam:ident: $nl:literal, $en:literal;)+) => {
        /// Alle woorden van één taal.
        #[derive(Debug)]
        pub(crate) struct Woorden { $(pub(crate) $naam: &'static str),+ }
        static NL: Woorden = Woorden { $($naam: $nl),+ };
        static EN: Woorden = Woorden { $($naam: $en),+ };
    };
}

woorden! {
    taal: "nl", "en";
    andere_taal: "English", "Nederlands";
    andere_taal_code: "en", "nl";
    naar_inhoud: "Naar de inhoud", "Skip to content";
    ondertitel: "Toegang voor crisisorganisaties", "Access for crisis organisations";
    voet: "Aansluitloket: één voordeur, met het account van uw eigen organisatie.", "Aansluitloket: one front door, with your own organisation's account.";
    kies_voor: "Aanmelden bij", "Signing in to";
    kies_titel: "Kies uw organisatie", "Choose your organisation";
    kies_uitleg: "U meldt zich aan met het account en de tweede factor van uw eigen organisatie. Uw wachtwoord blijft daar.", "You sign in with your own organisation's account and second factor. Your password stays there.";
    kies_eerder: "De vorige keer koos u op dit apparaat:", "Last time on this device you chose:";
    kies_vergeet: "Vergeet mijn keuze op dit apparaat", "Forget my choice on this device";
    kies_andere: "Een andere organisatie", "Another organisation";
    kies_zoek: "Zoek op naam of afkorting", "Search by name or abbreviation";
    kies_zoek_knop: "Zoeken", "Search";
    kies_geen: "Er is geen organisatie gevonden met deze naam. Probeer een deel van de naam of de afkorting.", "No organisation was found with this name. Try part of the name or the abbreviation.";
    kies_eerste: "Terug naar het begin", "Back to the start";
    kies_volgende: "Meer organisaties", "More organisations";
    welke_titel: "Met welk account meldt u zich aan?", "Which account do you sign in with?";
    welke_uitleg: "heeft meer dan één aanmelddienst. Kies die van uw eigen account.", "has more than one sign-in service. Choose the one of your own account.";
    kies_hulp_titel: "Staat uw organisatie er niet bij?", "Is your organisation not listed?";
    kies_hulp: "Dan is zij nog niet aangesloten. Vraag het na bij de organisatiebeheerder van uw organisatie of bij NIPV.", "Then it is not connected yet. Ask your organisation's administrator or NIPV.";
    fout_in_titel: "Fout: ", "Error: ";
    code_stap: "Eenmalig, bij uw eerste aanmelding", "Once, at your first sign-in";
    code_titel: "Vul de code uit uw e-mail in", "Enter the code from your e-mail";
    code_uitleg: "Wij hebben een code gestuurd naar", "We have sent a code to";
    code_geldig: "De code geldt tien minuten, alleen in dit venster.", "The code is valid for ten minutes, in this window only.";
    code_label: "Code van acht cijfers", "Eight-digit code";
    code_hulp: "In de e-mail staat geen link: typ de cijfers hier over.", "The e-mail contains no link: type the digits here.";
    code_knop: "Bevestigen", "Confirm";
    code_niet_titel: "Geen e-mail ontvangen?", "No e-mail received?";
    code_niet: "Kijk ook bij ongewenste e-mail. Een nieuwe code vervangt de vorige.", "Check your spam folder too. A new code replaces the previous one.";
    code_opnieuw: "Stuur een nieuwe code", "Send a new code";
    code_opnieuw_gestuurd: "Er is een nieuwe code onderweg. De vorige werkt niet meer.", "A new code is on its way. The previous one no longer works.";
    code_fout: "Deze code klopt niet. Controleer de cijfers en probeer het opnieuw; aantal pogingen over:", "This code is not correct. Check the digits and try again; attempts left:";
    code_vorm: "Vul de acht cijfers uit de e-mail in.", "Enter the eight digits from the e-mail.";
    code_dood: "Deze code werkt niet meer. Vraag hieronder een nieuwe code aan.", "This code no longer works. Request a new code below.";
    code_te_veel: "Er zijn vandaag te veel codes naar dit adres gestuurd. Probeer het morgen opnieuw, of neem contact op met uw organisatiebeheerder.", "Too many codes were sent to this address today. Try again tomorrow, or contact your organisation's administrator.";
    fout_titel: "Aanmelden is niet gelukt", "Signing in did not succeed";
    fout_afmelden_titel: "Afmelden is niet gelukt", "Signing out did not succeed";
    annuleren: "Niet aanmelden, terug naar het portaal", "Do not sign in, back to the portal";
    storing_uitleg: "Deze dienst kan dit nu niet doen.", "This service cannot do this right now.";
    storing_wat_nu: "Probeer het over een minuut opnieuw. Wie al is aangemeld, kan gewoon doorwerken.", "Try again in a minute. If you are already signed in, you can keep working.";
    te_vaak_uitleg: "Vanaf uw netwerk komen te veel verzoeken tegelijk.", "Too many requests come from your network at once.";
    te_vaak_wat_nu: "Wacht even en laad deze bladzijde opnieuw.", "Wait a moment and reload this page.";
    fout_wie: "Wie kan dit oplossen?", "Who can fix this?";
    fout_opnieuw: "Probeer het opnieuw", "Try again";
    fout_terug: "Terug naar het portaal", "Back to the portal";
    fout_gegevens: "Gegevens voor wie u helpt", "Details for whoever helps you";
    fout_gegevens_uitleg: "Geef deze gegevens door; daarmee is deze aanmelding terug te vinden.", "Pass these details on; they make it possible to find this sign-in.";
    fout_code: "Foutcode", "Error code";
    fout_kenmerk: "Kenmerk", "Reference";
    fout_oorzaak: "Oorzaak", "Cause";
    fout_moment: "Moment", "Time";
    wie_gebruiker: "U zelf, of de organisatiebeheerder van", "You, or the administrator of";
    wie_idp: "De IdP-beheerder (beheerder van de aanmelddienst) van", "The administrator of the sign-in service of";
    wie_portaal: "De beheerder van het portaal", "The administrator of the portal";
    wie_nipv: "NIPV", "NIPV";
    uw_organisatie: "uw organisatie", "your organisation";
    afmelden_titel: "Wilt u zich afmelden?", "Do you want to sign out?";
    afmelden_uitleg: "U meldt zich af bij het Aansluitloket, bij alle portalen die u hiermee gebruikt, en waar dat kan ook bij uw eigen organisatie.", "You sign out of Aansluitloket, of all portals you use with it, and where possible also of your own organisation.";
    afmelden_knop: "Afmelden", "Sign out";
    afgemeld_titel: "U bent afgemeld", "You are signed out";
    afgemeld_uitleg: "Uw sessie bij het Aansluitloket is beëindigd.", "Your session at Aansluitloket has ended.";
    afgemeld_verder: "Verder", "Continue";
    afgemeld_sluit: "Werkt u op een gedeeld apparaat? Sluit dan ook alle vensters van de browser.", "On a shared device? Then also close all browser windows.";
    vergeten_titel: "Uw keuze is vergeten", "Your choice has been forgotten";
    vergeten_uitleg: "Op dit apparaat wordt geen organisatie meer onthouden.", "No organisation is remembered on this device any more.";
    door_titel: "U gaat terug naar het portaal", "You are returning to the portal";
    door_uitleg: "Gebeurt er niets? Gebruik dan de knop.", "If nothing happens, use the button.";
    door_knop: "Doorgaan", "Continue";
}

#[cfg(test)]
mod tests {
    use super::Taal;

    #[test]
    fn de_eerste_taal_die_wij_kennen_telt() {
        assert_eq!(Taal::uit("fr-CA en nl"), Some(Taal::En));
        assert_eq!(Taal::uit("nl-NL"), Some(Taal::Nl));
        assert_eq!(Taal::uit("en-GB,en;q=0.9"), Some(Taal::En));
        assert_eq!(Taal::uit("fr"), None);
    }
}
