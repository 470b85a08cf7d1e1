ALTER TABLE traject RESET (fillfactor);
CREATE INDEX traject_deadline ON traject (deadline, id);
