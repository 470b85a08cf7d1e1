//! Post bezorgen bij een mailserver (SMTP), met TLS.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use api::post::Bezorger;
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use store::post::{Bezorging, Zending};

use crate::Stop;
use crate::config::{Mail, MailTls};

/// Zo lang mag een mailserver over één bericht doen.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Een mailserver.
#[derive(Debug)]
pub(crate) struct Smtp {
    van: Mailbox,
    server: AsyncSmtpTransport<Tokio1Executor>,
}

impl Smtp {
    /// Maakt de verbinding op papier; er gaat nog niets over de lijn.
    pub(crate) fn nieuw(mail: &Mail) -> Result<Option<Self>, Stop> {
        let Some(host) = &mail.host else { return Ok(None) };
        let van = mail.from.parse().map_err(|cause| {
            Stop::config(format!("`mail.from` is geen afzender ({cause}); geef bijvoorbeeld \"Aansluitloket <aansluitloket@voorbeeld.example>\"."))
        })?;
        let tls = || {
            TlsParameters::new(host.clone())
                .map_err(|cause| Stop::config(format!("`mail.host` is niet te gebruiken voor TLS ({cause}); geef de naam in het certificaat.")))
        };
        let tls = match mail.tls {
            MailTls::Starttls => Tls::Required(tls()?),
            MailTls::Tls => Tls::Wrapper(tls()?),
            MailTls::None => Tls::None,
        };
        let mut bouwer = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host).port(mail.port).tls(tls).timeout(Some(TIMEOUT));
        if let (Some(naam), Some(wachtwoord)) = (&mail.username, &mail.password) {
            bouwer = bouwer.credentials(Credentials::new(naam.clone(), wachtwoord.expose().to_owned()));
        }
        Ok(Some(Self { van, server: bouwer.build() }))
    }

    /// Of de mailserver antwoordt en ons toelaat: verbinden, TLS en aanmelden, zonder iets te versturen.
    pub(crate) async fn bereikbaar(&self) -> Result<(), String> {
        match self.server.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err("de mailserver antwoordt niet op NOOP".to_owned()),
            Err(fout) => Err(fout.to_string()),
        }
    }

    async fn verstuur(&self, zending: &Zending) -> Bezorging {
        let bericht = zending.bericht.aan.parse::<Mailbox>().map_err(|fout| fout.to_string()).and_then(|aan| {
            let domein = self.van.email.domain();
            Message::builder()
                .from(self.van.clone())
                .to(aan)
                .subject(&zending.bericht.onderwerp)
                // Hetzelfde kenmerk bij iedere poging: een mailserver herkent zo een bericht dat hij al had.
                .message_id(Some(format!("<{}@{domein}>", zending.id)))
                .header(ContentType::TEXT_PLAIN)
                .body(zending.bericht.tekst.clone())
                .map_err(|fout| fout.to_string())
        });
        let bericht = match bericht {
            Ok(bericht) => bericht,
            Err(fout) => return Bezorging::Geweigerd(format!("het bericht is niet op te stellen: {fout}")),
        };
        match self.server.send(bericht).await {
            Ok(_) => Bezorging::Gelukt,
            // Alleen een definitief antwoord van de server zelf (5xx) is voorgoed.
            Err(fout) if fout.is_permanent() => Bezorging::Geweigerd(fout.to_string()),
            Err(fout) => Bezorging::Later(fout.to_string()),
        }
    }
}

impl Bezorger for Smtp {
    fn bezorg<'a>(&'a self, zending: &'a Zending) -> Pin<Box<dyn Future<Output = Bezorging> + Send + 'a>> {
        Box::pin(self.verstuur(zending))
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use domain::Id;
    use store::post::{Bericht, Bezorging, Zending};
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

    use super::{Bezorger as _, Smtp};
    use crate::config::{Mail, MailTls};

    /// Een mailserver die elk bericht met dit antwoord ontvangt, en geeft wat er gezegd is.
    fn server(na_rcpt: &'static str) -> (u16, tokio::task::JoinHandle<String>) {
        let poort = TcpListener::bind("127.0.0.1:0").unwrap();
        poort.set_nonblocking(true).unwrap();
        let nummer = poort.local_addr().unwrap().port();
        let klaar = tokio::spawn(async move {
            let (lijn, _) = tokio::net::TcpListener::from_std(poort).unwrap().accept().await.unwrap();
            let (lezen, mut schrijven) = lijn.into_split();
            let mut regels = BufReader::new(lezen).lines();
            let (mut gezegd, mut inhoud) = (String::new(), false);
            schrijven.write_all(b"220 proef\r\n").await.unwrap();
            while let Ok(Some(regel)) = regels.next_line().await {
                gezegd.push_str(&regel);
                gezegd.push('\n');
                let antwoord: &str = match regel.get(..4).unwrap_or(&regel) {
                    "." if inhoud => {
                        inhoud = false;
                        "250 ok"
                    }
                    _ if inhoud => continue,
                    "EHLO" => "250 proef",
                    "RCPT" => na_rcpt,
                    "DATA" => {
                        inhoud = true;
                        "354 ga door"
                    }
                    "QUIT" => "221 dag",
                    _ => "250 ok",
                };
                schrijven.write_all(format!("{antwoord}\r\n").as_bytes()).await.unwrap();
            }
            gezegd
        });
        (nummer, klaar)
    }

    fn zending() -> Zending {
        let bericht = Bericht {
            aan: "lotte@voorbeeldland.example".to_owned(),
            onderwerp: "Uw code: één keer".to_owned(),
            tekst: "1234 5678\r\n".to_owned(),
            verloopt_op: None,
        };
        Zending { id: Id::from_u128(7), poging: 1, bericht }
    }

    fn smtp(port: u16) -> Smtp {
        let mail = Mail { host: Some("127.0.0.1".to_owned()), port, tls: MailTls::None, ..Mail::default() };
        Smtp::nieuw(&mail).unwrap().unwrap()
    }

    #[tokio::test]
    async fn een_bericht_gaat_over_de_lijn_met_hetzelfde_kenmerk_bij_iedere_poging() {
        let (port, gezegd) = server("250 ok");
        assert_eq!(smtp(port).bezorg(&zending()).await, Bezorging::Gelukt);
        let gezegd = gezegd.await.unwrap();
        assert!(gezegd.contains("RCPT TO:<lotte@voorbeeldland.example>"), "{gezegd}");
        assert!(gezegd.contains(&format!("Message-ID: <{}@aansluitloket.example>", Id::from_u128(7))), "{gezegd}");
        assert!(gezegd.contains("1234 5678"), "{gezegd}");
    }

    #[tokio::test]
    async fn een_storing_is_voor_later_en_een_afwijzing_is_voorgoed() {
        let (port, _) = server("451 even niet");
        assert!(matches!(smtp(port).bezorg(&zending()).await, Bezorging::Later(_)));
        let (port, _) = server("550 onbekend adres");
        assert!(matches!(smtp(port).bezorg(&zending()).await, Bezorging::Geweigerd(_)));
        let dicht = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        assert!(matches!(smtp(dicht).bezorg(&zending()).await, Bezorging::Later(_)));
    }

    #[tokio::test]
    async fn of_de_mailserver_antwoordt_is_te_proberen_zonder_post() {
        let (port, gezegd) = server("250 ok");
        assert_eq!(smtp(port).bereikbaar().await, Ok(()));
        let gezegd = gezegd.await.unwrap();
        assert!(gezegd.contains("NOOP") && !gezegd.contains("MAIL"), "{gezegd}");
        let dicht = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        assert!(smtp(dicht).bereikbaar().await.is_err());
    }

    #[tokio::test]
    async fn een_adres_met_een_regeleinde_voegt_geen_kop_toe() {
        let mut kwaad = zending();
        kwaad.bericht.aan = "lotte@voorbeeldland.example\r\nBcc: ander@voorbeeld.example".to_owned();
        assert!(matches!(smtp(1).bezorg(&kwaad).await, Bezorging::Geweigerd(_)));
    }
}
