DROP TABLE borgingsmoment;
