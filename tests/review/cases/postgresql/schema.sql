-- What exists before each PostgreSQL case runs. The reviewer never sees this file.
CREATE TYPE order_status AS ENUM ('new', 'paid', 'cancelled');
CREATE DOMAIN email_address AS varchar(200);
CREATE SEQUENCE ticket_seq;

CREATE TABLE customers (
    id integer PRIMARY KEY,
    name varchar(80) NOT NULL,
    email varchar(120),
    phone varchar(40),
    country char(2) DEFAULT 'DE',
    credit integer DEFAULT 0 NOT NULL,
    score integer,
    notes text,
    legacy_code varchar(20),
    created_at timestamp DEFAULT now() NOT NULL
);
INSERT INTO customers (id, name, email, score, legacy_code)
SELECT n, 'Customer ' || n, 'c' || n || '@example.org', n, 'L' || n FROM generate_series(1, 50) n;

CREATE TABLE orders (
    id integer PRIMARY KEY,
    customer_id integer NOT NULL,
    status varchar(20) DEFAULT 'new' NOT NULL,
    state order_status DEFAULT 'new' NOT NULL,
    total numeric(10, 2) DEFAULT 0 NOT NULL,
    quantity integer DEFAULT 1 NOT NULL,
    amount integer,
    placed_at timestamp,
    shipped_at timestamp,
    reference varchar(40),
    coupon varchar(40),
    payload json
);
INSERT INTO orders (id, customer_id, amount, placed_at, reference)
SELECT n, n, n * 10, now(), 'R' || n FROM generate_series(1, 50) n;
CREATE INDEX ix_orders_status ON orders (status);
CREATE INDEX ix_orders_placed_at ON orders (placed_at);

CREATE TABLE invoices (
    id integer NOT NULL,
    order_id integer NOT NULL,
    number varchar(30),
    issued_on date,
    due_on date,
    amount numeric(10, 2),
    paid boolean
);
INSERT INTO invoices SELECT n, n, 'I' || n, now(), now(), 10, true FROM generate_series(1, 50) n;

CREATE TABLE events (id bigint NOT NULL, kind text, happened_at timestamptz, body jsonb);
INSERT INTO events SELECT n, 'login', now(), '{}' FROM generate_series(1, 50) n;

CREATE TABLE bookings (id integer PRIMARY KEY, room_id integer, during tsrange);
CREATE TABLE contacts (id integer PRIMARY KEY, address email_address);
CREATE TABLE old_reports (id integer PRIMARY KEY, title text);
CREATE TABLE products (
    id integer PRIMARY KEY, sku varchar(40), price numeric(8, 2), title varchar(100), weight text
);
INSERT INTO products SELECT n, 'S' || n, 1, 'T' || n, '1' FROM generate_series(1, 50) n;
CREATE TABLE measurements (logged_on date NOT NULL, value integer) PARTITION BY RANGE (logged_on);
CREATE TABLE measurements_2024 PARTITION OF measurements
    FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE measurements_2025 (logged_on date NOT NULL, value integer);
CREATE MATERIALIZED VIEW daily_totals AS SELECT placed_at::date AS day, sum(total) FROM orders GROUP BY 1;
CREATE VIEW open_orders AS SELECT id, status FROM orders WHERE status = 'new';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER orders_touch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();
CREATE SCHEMA archive;
CREATE TABLE archive.orders (id integer PRIMARY KEY, note text);
