CREATE TABLE beheerafspraken (
    id TEXT NOT NULL PRIMARY KEY,
    versie INTEGER NOT NULL,
    titel TEXT NOT NULL,
    artikelen TEXT NOT NULL,
    vastgesteld_op TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX beheerafspraken_versie_uniek ON beheerafspraken (versie);

CREATE TABLE registratie (
    id TEXT NOT NULL PRIMARY KEY,
    organisatie_id TEXT NOT NULL REFERENCES organisatie (id),
    nummer INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('concept', 'ingediend', 'ondertekend-organisatie', 'actief', 'teruggegeven', 'vervangen', 'ingetrokken')),
    vervangt_id TEXT REFERENCES registratie (id),
    afspraken_id TEXT NOT NULL REFERENCES beheerafspraken (id),
    afspraken_versie INTEGER NOT NULL,
    ronde INTEGER NOT NULL,
    opmerkingen TEXT,
    einde_reden TEXT,
    ingediend_op TIMESTAMP,
    actief_op TIMESTAMP,
    beeindigd_op TIMESTAMP,
    aangemaakt_op TIMESTAMP NOT NULL,
    gewijzigd_op TIMESTAMP NOT NULL,
    versie BIGINT NOT NULL
);
CREATE UNIQUE INDEX registratie_nummer_uniek ON registratie (organisatie_id, nummer);
CREATE UNIQUE INDEX registratie_een_onderweg ON registratie (organisatie_id) WHERE status IN ('concept', 'ingediend', 'ondertekend-organisatie', 'teruggegeven');
CREATE UNIQUE INDEX registratie_een_actief ON registratie (organisatie_id) WHERE status = 'actief';
CREATE INDEX registratie_organisatie ON registratie (organisatie_id, id);
CREATE INDEX registratie_status ON registratie (status, id);
CREATE INDEX registratie_vervangt ON registratie (vervangt_id);
CREATE INDEX registratie_afspraken ON registratie (afspraken_id);

CREATE TABLE registratie_beheerder (
    registratie_id TEXT NOT NULL REFERENCES registratie (id),
    persoon_id TEXT NOT NULL REFERENCES persoon (id),
    volgorde INTEGER NOT NULL,
    naam TEXT NOT NULL,
    functie TEXT,
    email TEXT NOT NULL,
    telefoon TEXT,
    vervanger_van TEXT,
    verwijderd_op TIMESTAMP,
    PRIMARY KEY (registratie_id, persoon_id)
);
CREATE INDEX registratie_beheerder_persoon ON registratie_beheerder (persoon_id);

CREATE TABLE registratie_ondertekening (
    id TEXT NOT NULL PRIMARY KEY,
    registratie_id TEXT NOT NULL REFERENCES registratie (id),
    ronde INTEGER NOT NULL,
    partij TEXT NOT NULL CHECK (partij IN ('organisatie', 'nipv')),
    persoon_id TEXT NOT NULL REFERENCES persoon (id),
    kid TEXT NOT NULL,
    inhoud TEXT NOT NULL,
    jws TEXT NOT NULL,
    ondertekend_op TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX registratie_ondertekening_uniek ON registratie_ondertekening (registratie_id, ronde, partij);
CREATE INDEX registratie_ondertekening_persoon ON registratie_ondertekening (persoon_id);

CREATE TABLE beheerderstraining (
    id TEXT NOT NULL PRIMARY KEY,
    organisatie_id TEXT NOT NULL REFERENCES organisatie (id),
    persoon_id TEXT NOT NULL REFERENCES persoon (id),
    gepland DATE,
    gevolgd DATE,
    toelichting TEXT,
    vastgelegd_op TIMESTAMP NOT NULL
);
CREATE INDEX beheerderstraining_organisatie ON beheerderstraining (organisatie_id, persoon_id, id);
CREATE INDEX beheerderstraining_persoon ON beheerderstraining (persoon_id);

CREATE TABLE sharepointtoegang (
    organisatie_id TEXT NOT NULL REFERENCES organisatie (id),
    persoon_id TEXT NOT NULL REFERENCES persoon (id),
    stand TEXT NOT NULL CHECK (stand IN ('verleend', 'in-te-trekken', 'ingetrokken')),
    gewijzigd_op TIMESTAMP NOT NULL,
    PRIMARY KEY (organisatie_id, persoon_id)
);
CREATE INDEX sharepointtoegang_persoon ON sharepointtoegang (persoon_id);

CREATE TABLE handtekeningsleutel (
    kid TEXT NOT NULL PRIMARY KEY,
    publiek TEXT NOT NULL,
    geheim BLOB NOT NULL,
    aangemaakt_op TIMESTAMP NOT NULL
);
CREATE INDEX handtekeningsleutel_aangemaakt ON handtekeningsleutel (aangemaakt_op);
