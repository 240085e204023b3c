-- What became of each request for an answer: who asked, what of whom, how long each stage took. For people who look; what
-- is owed the ledger says (V5). Nobody is let in or charged by these rows, so they may be lost, and old ones are deleted.
create table request_log (
  id bigint generated always as identity primary key,
  -- What the answer's header x-request-id says; of a line of a batch, a name of its own.
  request_id text not null unique check (char_length(request_id) between 1 and 64),
  -- Of none where nobody is known to have asked: only the operator sees such rows.
  org_id bigint,
  project_id bigint not null,
  user_id bigint not null,
  key_id bigint not null,
  at timestamptz not null,
  -- Under which the ledger knows it; null where it was refused before.
  usage_id uuid,
  card_id bigint not null,
  amount_nano bigint not null check (amount_nano >= 0),
  -- Times in microseconds, null for what did not happen.
  auth_micros bigint,
  prepare_micros bigint,
  hold_micros bigint,
  queue_micros bigint,
  prefill_micros bigint,
  first_token_micros bigint,
  decode_micros bigint,
  settle_micros bigint,
  total_micros bigint not null,
  input int not null,
  cache_hit int not null,
  cache_write int not null,
  output int not null,
  reasoning int not null,
  status smallint not null,
  residue_pico smallint not null check (residue_pico between 0 and 999),
  streamed boolean not null,
  dialect text not null,
  operation text not null,
  model text not null,
  served text not null,
  route text not null,
  target text not null,
  -- Of a route: which targets were asked, how each went and for how long.
  attempts jsonb,
  error_code text not null,
  finish text not null,
  client text not null,
  trace_id text not null
) with (autovacuum_vacuum_scale_factor = 0.05);
create index request_log_org on request_log (org_id, at desc, id desc);
create index request_log_key on request_log (org_id, key_id, at desc, id desc);
create index request_log_failed on request_log (org_id, at desc, id desc) where status >= 400 or error_code <> '';
create index request_log_at on request_log (at desc, id desc);

select show_to_tenant('request_log');
