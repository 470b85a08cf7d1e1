CREATE TABLE autorisatieplan (
    id TEXT NOT NULL PRIMARY KEY,
    organisatie_id TEXT NOT NULL REFERENCES organisatie (id),
    volgnummer INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('concept', 'ingediend', 'akkoord', 'teruggegeven', 'vastgesteld', 'uitvoering', 'uitgevoerd', 'vervangen', 'ingetrokken')),
    gebaseerd_op TEXT REFERENCES autorisatieplan (id),
    aantal_profielen INTEGER NOT NULL,
    aantal_toewijzingen INTEGER NOT NULL,
    besluiten TEXT NOT NULL,
    inhoud TEXT NOT NULL,
    aangemaakt_op TIMESTAMP NOT NULL,
    gewijzigd_op TIMESTAMP NOT NULL,
    versie BIGINT NOT NULL
);
CREATE UNIQUE INDEX autorisatieplan_volgnummer_uniek ON autorisatieplan (organisatie_id, volgnummer);
CREATE UNIQUE INDEX autorisatieplan_open_uniek ON autorisatieplan (organisatie_id) WHERE status IN ('concept', 'ingediend', 'akkoord', 'teruggegeven', 'vastgesteld', 'uitvoering');
CREATE INDEX autorisatieplan_organisatie ON autorisatieplan (organisatie_id, id);
CREATE INDEX autorisatieplan_gebaseerd_op ON autorisatieplan (gebaseerd_op);
CREATE INDEX autorisatieplan_status ON autorisatieplan (status, id);

CREATE TABLE autorisatieplan_revisie (
    plan_id TEXT NOT NULL REFERENCES autorisatieplan (id),
    versie BIGINT NOT NULL,
    verschillen TEXT NOT NULL,
    door_persoon_id TEXT REFERENCES persoon (id),
    gewijzigd_op TIMESTAMP NOT NULL,
    PRIMARY KEY (plan_id, versie)
);
CREATE INDEX autorisatieplan_revisie_persoon ON autorisatieplan_revisie (door_persoon_id);

CREATE TABLE uitvoeringsregel (
    id TEXT NOT NULL PRIMARY KEY,
    plan_id TEXT NOT NULL REFERENCES autorisatieplan (id),
    volgorde INTEGER NOT NULL,
    soort TEXT NOT NULL CHECK (soort IN ('team', 'discipline', 'functie', 'profiel', 'toewijzing')),
    bewerking TEXT NOT NULL CHECK (bewerking IN ('toegevoegd', 'verwijderd', 'gewijzigd')),
    code TEXT NOT NULL,
    gebruiker_id TEXT,
    uitvoerder TEXT NOT NULL CHECK (uitvoerder IN ('lfb', 'organisatiebeheerder')),
    stand TEXT NOT NULL CHECK (stand IN ('open', 'gedaan', 'mislukt')),
    reden TEXT,
    door_persoon_id TEXT REFERENCES persoon (id),
    uitgevoerd_op TIMESTAMP
);
CREATE UNIQUE INDEX uitvoeringsregel_volgorde_uniek ON uitvoeringsregel (plan_id, volgorde);
CREATE INDEX uitvoeringsregel_persoon ON uitvoeringsregel (door_persoon_id);

CREATE TABLE samenwerkingsprofiel (
    id TEXT NOT NULL PRIMARY KEY,
    eigenaar_id TEXT NOT NULL REFERENCES organisatie (id),
    organisatie_id TEXT NOT NULL REFERENCES organisatie (id),
    gebruiker_id TEXT NOT NULL REFERENCES gebruiker (id),
    profiel TEXT NOT NULL,
    motivatie TEXT NOT NULL,
    tot_datum DATE NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('aangevraagd', 'toegekend', 'geweigerd', 'beeindigd')),
    aangevraagd_door TEXT REFERENCES persoon (id),
    besloten_door TEXT REFERENCES persoon (id),
    besloten_op TIMESTAMP,
    toelichting TEXT,
    aangemaakt_op TIMESTAMP NOT NULL,
    gewijzigd_op TIMESTAMP NOT NULL,
    versie BIGINT NOT NULL
);
CREATE INDEX samenwerkingsprofiel_eigenaar ON samenwerkingsprofiel (eigenaar_id, id);
CREATE INDEX samenwerkingsprofiel_organisatie ON samenwerkingsprofiel (organisatie_id, id);
CREATE INDEX samenwerkingsprofiel_gebruiker ON samenwerkingsprofiel (gebruiker_id);
CREATE INDEX samenwerkingsprofiel_aangevraagd_door ON samenwerkingsprofiel (aangevraagd_door);
CREATE INDEX samenwerkingsprofiel_besloten_door ON samenwerkingsprofiel (besloten_door);
