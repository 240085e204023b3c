-- Capital plans of whoever runs the server: what was asked, how far it is solved, and what was decided. The input is the
-- plan's text; statements are made from the decisions whenever somebody reads them.
create table capital_plan (
  id bigint generated always as identity primary key,
  created_at timestamptz not null default clock_timestamp(),
  actor text not null check (char_length(actor) between 1 and 300),
  name text not null check (char_length(name) between 1 and 200),
  input text not null check (octet_length(input) <= 4194304),
  input_sha256 text not null check (input_sha256 ~ '^[0-9a-f]{64}$'),
  gap double precision not null,
  seconds double precision not null,
  seed bigint not null,
  state text not null check (state in ('waiting', 'solving', 'solved', 'infeasible', 'failed', 'stopped')),
  step text not null default '' check (char_length(step) <= 300),
  value double precision,
  bound double precision,
  -- Why there is none, or what a reader must know.
  sentence text not null default '' check (char_length(sentence) <= 4000),
  -- What was decided; null until then.
  decided text check ((decided is not null) = (state = 'solved')),
  finished_at timestamptz check ((finished_at is null) = (state in ('waiting', 'solving')))
);
create index capital_plan_open on capital_plan (id) where state in ('waiting', 'solving');
