-- De vorige afname en het jaar in de Staat volgen uit de eerste dag van een afname, niet uit het moment van sluiten.
DROP INDEX afname_vorige;
CREATE INDEX afname_eerste_dag ON afname (organisatie_id, vragenlijst_code, begin_datum, gesloten_op);
