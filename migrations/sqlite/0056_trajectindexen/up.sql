-- Een deadline wordt alleen gezocht onder lopende en gepauzeerde trajecten, en daarvan heeft een organisatie er hoogstens een:
-- de index op status volstaat.
DROP INDEX traject_deadline;
