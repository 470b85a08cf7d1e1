-- Een deadline wordt alleen gezocht onder lopende en gepauzeerde trajecten, en daarvan heeft een organisatie er hoogstens een:
-- de index op status volstaat.
DROP INDEX traject_deadline;
-- Wat het meest wijzigt (versie, planning, deadline) staat nu in geen index: met ruimte op de bladzijde raakt zo'n wijziging er geen.
ALTER TABLE traject SET (fillfactor = 80);
