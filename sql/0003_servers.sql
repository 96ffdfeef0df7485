-- Several servers on one database.

-- Ids (of entries, matters, persons) are handed out in blocks: first up to, but without, upto. One
-- writer uses a block, from its beginning on, and holds its number (db_hold) while anything may still
-- come from it. The Merkle log has taken the block's entries up to logged; blocks that are through
-- disappear, the newest excepted. The first block is for what is written without a server.
CREATE TABLE id_block (
    first BIGINT NOT NULL PRIMARY KEY, upto BIGINT NOT NULL, logged BIGINT NOT NULL);
INSERT INTO id_block (first, upto, logged)
    SELECT 1, coalesce(max(id), 0) + 1048576,
        coalesce((SELECT entry_id FROM checkpoint ORDER BY size DESC LIMIT 1), 0) FROM entry;
