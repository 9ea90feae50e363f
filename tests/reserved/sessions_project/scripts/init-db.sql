-- Demo data. The metadata of a session is free-form.
CREATE TABLE IF NOT EXISTS sessions (
    id       INTEGER PRIMARY KEY,
    user_id  INTEGER NOT NULL,
    title    VARCHAR(80) NOT NULL,
    metadata JSON
);
CREATE TABLE IF NOT EXISTS events (
    id         INTEGER PRIMARY KEY,
    session_id INTEGER NOT NULL REFERENCES sessions (id),
    metadata   JSON
);
INSERT INTO sessions (id, user_id, title, metadata) VALUES (1, 7, 'demo', '{"tags": ["demo"]}');
INSERT INTO events (id, session_id, metadata) VALUES (1, 1, '{"kind": "open"}');
