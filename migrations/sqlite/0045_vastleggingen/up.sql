CREATE TABLE vastlegging (
    id TEXT NOT NULL PRIMARY KEY,
    onderwerp_id TEXT NOT NULL,
    soort TEXT NOT NULL CHECK (soort IN ('indiening', 'terugwijzing', 'intrekking', 'uitvoering')),
    inhoud TEXT NOT NULL
);
CREATE INDEX vastlegging_onderwerp ON vastlegging (onderwerp_id, soort, id);
