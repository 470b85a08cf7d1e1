ALTER TABLE organisatie ADD COLUMN aanmaken_bij_eerste_aanmelding BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE persoon_identiteit_vervallen (
    id TEXT NOT NULL PRIMARY KEY,
    issuer TEXT NOT NULL,
    sub TEXT NOT NULL,
    persoon_id TEXT NOT NULL REFERENCES persoon (id),
    gekoppeld_op TIMESTAMP NOT NULL,
    vervallen_op TIMESTAMP NOT NULL
);
CREATE INDEX persoon_identiteit_vervallen_persoon ON persoon_identiteit_vervallen (persoon_id, id);

CREATE INDEX post_status ON post (status, id);
