CREATE INDEX traject_deadline ON traject (deadline, id);
