DROP INDEX aanmeldpoging_browser;
