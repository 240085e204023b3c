-- Money and quota. What must never be wrong is held by constraints here, not by programs: a counter's limit, one row per
-- request, transfers that balance, rows that never change. Amounts are nano (10^-9) of the organisation's currency.

-- One window of a budget. What is settled is used; what is leased some gateway may still use without asking.
create table counter (
  id bigint primary key default nextval('counter_id'),
  org_id bigint not null references org,
  unit text not null check (unit in ('money', 'tokens', 'requests', 'parallel')),
  -- Whether what is drawn is paid with the organisation's credit.
  is_wallet boolean not null default false,
  win tstzrange not null check (not isempty(win)),
  -- Lowered below what is used, wanted_limit says so at once, and limit_amt follows as leases come back.
  limit_amt bigint not null,
  wanted_limit bigint not null check (wanted_limit >= 0),
  settled bigint not null default 0,
  leased bigint not null default 0,
  constraint never_over check (settled >= 0 and leased >= 0 and settled + leased <= limit_amt),
  constraint limit_as_wanted check (limit_amt >= wanted_limit),
  unique (org_id, id, win)
) with (fillfactor = 50);
-- Windows of a budget don't overlap (V3), and its counters' windows are those.
alter table budget_window add foreign key (org_id, counter_id, win) references counter (org_id, id, win);

-- A gateway, by its name. Grants ask for the epoch, so an older life of it gets none.
create table node (
  id int generated always as identity primary key,
  name text not null unique check (char_length(name) between 1 and 200),
  epoch bigint not null check (epoch > 0),
  seen_at timestamptz not null default clock_timestamp()
) with (fillfactor = 50);

create table lease (
  id bigint generated always as identity primary key,
  org_id bigint not null,
  counter_id bigint not null references counter,
  node_id int not null references node,
  epoch bigint not null,
  granted bigint not null check (granted > 0),
  settled bigint not null default 0 check (settled >= 0),
  returned bigint not null default 0 check (returned >= 0),
  closed boolean not null default false,
  recalled boolean not null default false,
  expires_at timestamptz not null,
  constraint never_over_granted check (settled + returned <= granted),
  constraint closed_is_whole check (not closed or settled + returned = granted)
) with (fillfactor = 70);
create index lease_open on lease (counter_id) where not closed;
create index lease_of_node on lease (node_id) where not closed;
create index lease_expires on lease (expires_at);

-- Names of models and engines, each kept once.
create table ledger_name (
  id int generated always as identity primary key,
  name text not null unique check (char_length(name) between 1 and 200)
);

-- One row per request, for ever. Ranges of version-7 ids are days, so an id belongs to one partition and the primary key
-- holds over all of them: the day of a row is that of its id by construction.
create table usage_rec (
  request_id uuid not null,
  org_id bigint not null,
  project_id bigint not null,
  user_id bigint not null,
  key_id bigint not null,
  seq bigint not null,
  at timestamptz not null,
  card_id bigint not null,
  amount_nano bigint not null check (amount_nano >= 0),
  model_id int not null,
  input int not null check (input >= 0),
  cache_hit int not null check (cache_hit >= 0),
  cache_write int not null check (cache_write >= 0),
  output int not null check (output >= 0),
  reasoning int not null check (reasoning >= 0),
  residue_pico smallint not null check (residue_pico between 0 and 999),
  class smallint not null,
  status smallint not null,
  primary key (request_id)
) partition by range (request_id);
create index usage_rec_tx on usage_rec (org_id, seq);

-- What engines say they computed: the second witness.
create table engine_receipt (
  request_id uuid not null,
  attempt smallint not null check (attempt >= 0),
  org_id bigint not null,
  compute_micros bigint not null check (compute_micros >= 0),
  acknowledged bigint not null check (acknowledged >= 0),
  engine_id int not null,
  input int not null check (input >= 0),
  cache_hit int not null check (cache_hit >= 0),
  cache_write int not null check (cache_write >= 0),
  output int not null check (output >= 0),
  reasoning int not null check (reasoning >= 0),
  end_reason smallint not null,
  received_at timestamptz not null default clock_timestamp(),
  primary key (request_id, attempt)
) partition by range (request_id);

-- The least version-7 id of a day, and more than any of the day before.
create function first_id_of(day date) returns uuid language sql immutable
  return (lpad(to_hex((day - date '1970-01-01')::bigint * 86400000), 12, '0') || repeat('0', 20))::uuid;

-- Makes the partitions of these days that are not there yet.
create function make_partitions(first_day date, last_day date) returns int language plpgsql as $$
declare
  parent text;
  part text;
  made int := 0;
begin
  if last_day - first_day > 500 then
    raise exception '% to % are more than 500 days', first_day, last_day;
  end if;
  for i in 0 .. last_day - first_day loop
    foreach parent in array array['usage_rec', 'engine_receipt'] loop
      part := parent || to_char(first_day + i, '_YYYYMMDD');
      continue when to_regclass(part) is not null;
      perform pg_advisory_xact_lock(7046029254386353131);
      continue when to_regclass(part) is not null;
      -- Attached rather than created as a partition: only so does nobody wait who writes.
      execute format('create table %I (like %I including defaults including constraints)', part, parent);
      execute format('create trigger never_emptied before truncate on %I for each statement execute function refuse_change()', part);
      execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, part,
        first_id_of(first_day + i), first_id_of(first_day + i + 1));
      made := made + 1;
    end loop;
  end loop;
  return made;
end
$$;

-- Double entry. An account belongs to an organisation and has a currency; its balance is the sum of its transfers.
create table account (
  org_id bigint not null references org,
  currency char(3) not null check (currency ~ '^[A-Z]{3}$'),
  kind text not null check (kind in (
    'cash',        -- what came from the tenant
    'receivable',  -- what the tenant owes
    'prepaid',     -- what the tenant paid for and has not got yet: a liability
    'revenue',     -- what was served, at its price
    'promotion',   -- what of it was given away
    'service',     -- what of it was given back for bad service
    'breakage',    -- what was paid for and expired
    'loss',        -- what was served and nobody can be charged for
    'tax',
    'rounding',
    'exchange')),
  primary key (org_id, currency, kind)
);

-- The ledger's entries, a chain per organisation: hash = sha256(prev, org_id, seq, at, body_sha, kind); docs/ledger.md has
-- the exact bytes.
create table ledger_tx (
  org_id bigint not null references org,
  seq bigint not null check (seq > 0),
  at timestamptz not null,
  kind text not null check (kind ~ '^[a-z][a-z-]{0,31}$'),
  -- What the entry is for, such as an invoice's number: no second entry of this kind has it.
  reference text check (char_length(reference) between 1 and 200),
  usage_rows int not null check (usage_rows >= 0),
  body_sha bytea not null check (octet_length(body_sha) = 32),
  prev bytea not null check (octet_length(prev) = 32),
  hash bytea not null check (octet_length(hash) = 32),
  primary key (org_id, seq),
  unique (org_id, kind, reference)
);
create index ledger_tx_at on ledger_tx using brin (at);

-- Balanced by its shape: one amount, from one account to another of the same organisation and currency.
create table transfer (
  org_id bigint not null,
  seq bigint not null,
  line smallint not null check (line > 0),
  currency char(3) not null,
  debit text not null,
  credit text not null check (credit <> debit),
  amount_nano bigint not null check (amount_nano > 0),
  primary key (org_id, seq, line),
  foreign key (org_id, seq) references ledger_tx,
  foreign key (org_id, currency, debit) references account (org_id, currency, kind),
  foreign key (org_id, currency, credit) references account (org_id, currency, kind)
);

-- What an entry took from counters, and what of it came too late for its lease and is the operator's loss.
create table counter_entry (
  org_id bigint not null,
  seq bigint not null,
  counter_id bigint not null references counter,
  amount bigint not null check (amount >= 0),
  late bigint not null check (late >= 0),
  primary key (org_id, seq, counter_id),
  foreign key (org_id, seq) references ledger_tx
);

-- Which credit paid for an entry, and what of it expired (that entry's kind says which).
create table credit_entry (
  org_id bigint not null,
  seq bigint not null,
  grant_id bigint not null,
  amount_nano bigint not null check (amount_nano > 0),
  primary key (org_id, seq, grant_id),
  foreign key (org_id, seq) references ledger_tx,
  foreign key (org_id, grant_id) references credit_grant (org_id, id)
);

-- The sums of credit_entry, so that who settles need not add them up.
create table credit_used (
  org_id bigint not null,
  grant_id bigint not null primary key,
  amount_nano bigint not null check (amount_nano > 0),
  used_nano bigint not null default 0,
  check (used_nano between 0 and amount_nano),
  foreign key (org_id, grant_id) references credit_grant (org_id, id)
) with (fillfactor = 50);

create table chain_head (
  org_id bigint primary key references org,
  seq bigint not null default 0 check (seq >= 0),
  at timestamptz not null default clock_timestamp(),
  hash bytea not null default decode(repeat('00', 32), 'hex') check (octet_length(hash) = 32)
) with (fillfactor = 50);

-- A day's signed Merkle root over the heads of all organisations that had entries since the root before.
create table root (
  day date primary key,
  at timestamptz not null default clock_timestamp(),
  heads int not null check (heads >= 0),
  prev bytea not null check (octet_length(prev) = 32),
  root bytea not null check (octet_length(root) = 32),
  public_key bytea not null,
  signature bytea not null
);
create table root_head (
  day date not null references root,
  org_id bigint not null references org,
  seq bigint not null,
  hash bytea not null check (octet_length(hash) = 32),
  primary key (org_id, day),
  foreign key (org_id, seq) references ledger_tx
);

-- What could not be recorded, kept until somebody has looked at it.
create table quarantine (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  request_id uuid not null,
  -- As it was sent, so no reference: it may name an organisation that never was.
  org_id bigint not null,
  content_sha bytea not null check (octet_length(content_sha) = 32),
  reason text not null check (char_length(reason) <= 1000),
  content text not null,
  resolved_at timestamptz,
  unique (request_id, content_sha)
);

-- Differences between witnesses. One that is gone is kept with the time that it went.
create table recon (
  id bigint generated always as identity primary key,
  org_id bigint not null references org,
  kind text not null check (kind ~ '^[a-z][a-z-]{0,63}$'),
  subject text not null check (char_length(subject) <= 200),
  ours numeric(38, 0) not null,
  theirs numeric(38, 0) not null,
  first_seen_at timestamptz not null default clock_timestamp(),
  last_seen_at timestamptz not null default clock_timestamp(),
  resolved_at timestamptz
);
create unique index recon_open on recon (org_id, kind, subject) where resolved_at is null;

-- Requests that their clients named (Idempotency-Key), each answered once a day.
create table idem (
  org_id bigint not null references org,
  idempotency_key text not null check (char_length(idempotency_key) between 1 and 255),
  day date not null,
  body_sha bytea not null check (octet_length(body_sha) = 32),
  request_id uuid not null,
  outcome text,
  primary key (org_id, idempotency_key, day)
);
create index idem_day on idem (day);

create function open_books() returns trigger language plpgsql as $$
begin
  insert into chain_head (org_id) values (new.id) on conflict do nothing;
  insert into account (org_id, currency, kind)
    select new.id, new.currency, k from unnest(array['cash', 'receivable', 'prepaid', 'revenue', 'promotion', 'service',
      'breakage', 'loss', 'tax', 'rounding', 'exchange']) k
    on conflict do nothing;
  return null;
end
$$;
create trigger open_books after insert or update of currency on org for each row execute function open_books();
update org set currency = currency;

do $$
declare
  kept text;
begin
  foreach kept in array array['ledger_tx', 'transfer', 'counter_entry', 'credit_entry', 'root', 'root_head'] loop
    execute format('create trigger append_only before update or delete or truncate on %I for each statement execute function refuse_change()', kept);
  end loop;
  -- By rows, since only such triggers are handed on to partitions.
  execute 'create trigger append_only before update or delete on usage_rec for each row execute function refuse_change()';
  execute 'create trigger append_only before update or delete on engine_receipt for each row execute function refuse_change()';
  execute 'create trigger never_emptied before truncate on usage_rec for each statement execute function refuse_change()';
  execute 'create trigger never_emptied before truncate on engine_receipt for each statement execute function refuse_change()';
end
$$;
select make_partitions((clock_timestamp() at time zone 'UTC')::date - 1, (clock_timestamp() at time zone 'UTC')::date + 3);

select show_to_tenant('counter'),
  show_to_tenant('usage_rec'),
  show_to_tenant('account'),
  show_to_tenant('ledger_tx'),
  show_to_tenant('transfer'),
  show_to_tenant('counter_entry'),
  show_to_tenant('credit_entry'),
  show_to_tenant('credit_used'),
  show_to_tenant('chain_head'),
  show_to_tenant('root_head');
