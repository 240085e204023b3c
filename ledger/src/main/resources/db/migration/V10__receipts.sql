-- Engines' receipts say who is charged, so that a lost gateway's requests can be settled by them.
alter table engine_receipt
  add column node_id int,
  add column project_id bigint,
  add column user_id bigint,
  add column key_id bigint,
  add column at timestamptz,
  add column model_id int,
  add column card_id bigint,
  add column class smallint,
  add column prompt int check (prompt >= 0),
  add column counters bigint[];

-- From when on something is written that older versions did not write.
create table written_since (
  what text primary key,
  at timestamptz not null default clock_timestamp()
);
insert into written_since (what) values ('engine-receipts');

-- Days whose witnesses were compared in full, once each.
create table recon_day (
  day date primary key,
  at timestamptz not null default clock_timestamp(),
  differences bigint not null
);

-- Never used: idempotency is kept where the requests are.
drop table idem;
