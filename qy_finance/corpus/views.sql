-- What a corpus is asked: the resources by their names, and views that never add what must not be added.
CREATE VIEW reports AS FROM data.reports;
CREATE VIEW observations AS FROM data.observations;
CREATE VIEW checks AS FROM data.checks;
CREATE VIEW failures AS FROM data.failures;
