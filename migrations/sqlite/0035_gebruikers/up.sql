CREATE TABLE gebruiker (
    id TEXT NOT NULL PRIMARY KEY,
    organisatie_id TEXT NOT NULL REFERENCES organisatie (id),
    naam TEXT NOT NULL,
    email TEXT NOT NULL,
    telefoon TEXT,
    functie TEXT,
    beoogd_profiel TEXT,
    status TEXT NOT NULL CHECK (status IN ('actief', 'geblokkeerd', 'verwijderd')),
    aangemaakt_op TIMESTAMP NOT NULL,
    gewijzigd_op TIMESTAMP NOT NULL,
    versie BIGINT NOT NULL
);
CREATE UNIQUE INDEX gebruiker_email_uniek ON gebruiker (organisatie_id, email);
CREATE INDEX gebruiker_organisatie ON gebruiker (organisatie_id, id);

CREATE TABLE gebruikersimport (
    id TEXT NOT NULL PRIMARY KEY,
    organisatie_id TEXT NOT NULL REFERENCES organisatie (id),
    status TEXT NOT NULL CHECK (status IN ('bezig', 'uitgevoerd', 'proef', 'afgekeurd', 'afgebroken')),
    proef BOOLEAN NOT NULL,
    sha256 TEXT NOT NULL,
    gelezen BIGINT NOT NULL,
    nieuw BIGINT NOT NULL,
    gewijzigd BIGINT NOT NULL,
    ongewijzigd BIGINT NOT NULL,
    aantal_fouten BIGINT NOT NULL,
    fouten TEXT NOT NULL,
    door_persoon_id TEXT REFERENCES persoon (id),
    aangemaakt_op TIMESTAMP NOT NULL,
    gewijzigd_op TIMESTAMP NOT NULL
);
CREATE INDEX gebruikersimport_organisatie ON gebruikersimport (organisatie_id, id);
CREATE UNIQUE INDEX gebruikersimport_bezig_uniek ON gebruikersimport (organisatie_id) WHERE status = 'bezig';
CREATE INDEX gebruikersimport_persoon ON gebruikersimport (door_persoon_id);
