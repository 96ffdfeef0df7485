-- Maps show matters that have ended in a span of time; the index grows at its end.
CREATE INDEX matter_closed ON matter (area, closed_ms) WHERE open = 0;
