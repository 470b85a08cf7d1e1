DROP INDEX afname_eerste_dag;
CREATE INDEX afname_vorige ON afname (organisatie_id, vragenlijst_code, gesloten_op);
