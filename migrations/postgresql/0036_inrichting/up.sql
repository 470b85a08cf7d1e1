CREATE TABLE inrichting (
    id TEXT NOT NULL PRIMARY KEY,
    organisatie_id TEXT NOT NULL REFERENCES organisatie (id),
    soort TEXT NOT NULL CHECK (soort IN ('team', 'discipline', 'functie')),
    code TEXT NOT NULL,
    naam TEXT NOT NULL,
    coordinatieniveau TEXT CHECK (coordinatieniveau IN ('strategisch', 'tactisch', 'operationeel')),
    status TEXT NOT NULL CHECK (status IN ('gewenst', 'ingericht', 'vervallen')),
    ingericht_op TIMESTAMP,
    aangemaakt_op TIMESTAMP NOT NULL,
    gewijzigd_op TIMESTAMP NOT NULL,
    versie BIGINT NOT NULL
);
CREATE UNIQUE INDEX inrichting_code_uniek ON inrichting (organisatie_id, soort, code);
CREATE INDEX inrichting_organisatie ON inrichting (organisatie_id, soort, id);

CREATE TABLE sjabloon (
    id TEXT NOT NULL PRIMARY KEY,
    organisatie_id TEXT NOT NULL REFERENCES organisatie (id),
    naam TEXT NOT NULL,
    voorbeeld BOOLEAN NOT NULL,
    kopie_van TEXT REFERENCES sjabloon (id),
    inhoud TEXT NOT NULL,
    aangemaakt_op TIMESTAMP NOT NULL,
    gewijzigd_op TIMESTAMP NOT NULL,
    versie BIGINT NOT NULL
);
CREATE INDEX sjabloon_organisatie ON sjabloon (organisatie_id, id);
CREATE INDEX sjabloon_kopie_van ON sjabloon (kopie_van);
