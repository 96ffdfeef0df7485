-- 0023_node_key.sql: whose key signs and seals here. The first server to start writes it; another
-- key file is refused from then on, before anything is signed or sealed with it.
CREATE TABLE node_key (one BIGINT NOT NULL PRIMARY KEY, verifier TEXT NOT NULL);
