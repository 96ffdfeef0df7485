-- The map shows what has ended in a place, however long the history of the county around it.
CREATE INDEX matter_cell_ended ON matter (cell, closed_ms) WHERE open = 0 AND cell IS NOT NULL;
