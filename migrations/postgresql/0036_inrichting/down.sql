DROP TABLE sjabloon;
DROP TABLE inrichting;
