-- Price books, what organisations agreed on, the rate cards made of both, and exchange rates.
-- Prices are integers: pico (10^-12) of a currency's major unit for one token or other unit.

create table price_book (
  id bigint generated always as identity primary key,
  name text not null check (name ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  version int not null check (version > 0),
  currency char(3) not null check (currency ~ '^[A-Z]{3}$'),
  -- Whose clock the parts of the day go by.
  zone text not null check (char_length(zone) between 1 and 64),
  note text not null default '' check (char_length(note) <= 200),
  created_at timestamptz not null default clock_timestamp(),
  -- All three are set when it is published; from then on it never changes.
  effective_from timestamptz,
  published_at timestamptz,
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  unique (name, version),
  check (num_nonnulls(effective_from, published_at, sha256) in (0, 3))
);
-- A book holds from its instant until the next one of its name does: no two at once, no time without one.
create unique index price_book_takes_over on price_book (name, effective_from) where published_at is not null;

create table price_item (
  book_id bigint not null references price_book on delete cascade,
  sku text not null check (char_length(sku) between 1 and 201),
  meter text not null check (meter in ('input', 'cache_hit', 'cache_write', 'output', 'reasoning', 'embed', 'rerank',
    'image', 'gpu_ms', 'gb_h', 'train_tok', 'tpm_day')),
  service_class text not null check (service_class in ('rt', 'batch', 'priority')),
  tier_rule text not null check (tier_rule in ('flat', 'input_length', 'graduated', 'volume')),
  tier int8range not null check (lower(tier) >= 0 and not isempty(tier)),
  valid tstzrange not null check (not isempty(valid)),
  band int4range not null check (band <@ int4range(0, 1440) and not isempty(band)),
  price_pico bigint not null check (price_pico between 0 and 100000000000000000),
  constraint one_price exclude using gist
    (book_id with =, sku with =, meter with =, service_class with =, tier with &&, valid with &&, band with &&)
);

create table price_factor (
  book_id bigint not null references price_book on delete cascade,
  sku text not null check (char_length(sku) between 1 and 201),
  meter text,
  service_class text,
  band int4range not null check (band <@ int4range(0, 1440) and not isempty(band)),
  num numeric(30, 0) not null check (num >= 0),
  den numeric(30, 0) not null check (den > 0),
  -- Within a group the lowest rank that fits counts; groups multiply.
  stack_group text not null check (stack_group ~ '^[a-z0-9-]{1,40}$'),
  rank int not null check (rank between 0 and 1000)
);
create index price_factor_book on price_factor (book_id);

create function refuse_published_book() returns trigger language plpgsql as $$
begin
  if old.published_at is not null then
    raise exception 'price book % version % is published and never changes', old.name, old.version;
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;
create trigger published before update or delete on price_book for each row execute function refuse_published_book();
create trigger published_all before truncate on price_book for each statement execute function refuse_change();

create function refuse_published_price() returns trigger language plpgsql as $$
begin
  if exists (select from price_book b where b.published_at is not null
      and (tg_op <> 'INSERT' and b.id = old.book_id or tg_op <> 'DELETE' and b.id = new.book_id)) then
    raise exception 'prices of a published book never change';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;
create trigger published before insert or update or delete on price_item for each row execute function refuse_published_price();
create trigger published_all before truncate on price_item for each statement execute function refuse_change();
create trigger published before insert or update or delete on price_factor for each row execute function refuse_published_price();
create trigger published_all before truncate on price_factor for each statement execute function refuse_change();

-- What an organisation agreed on: for sku '*' its price book and what it pays of it, for other skus only the latter.
create table contract (
  id bigint generated always as identity primary key,
  org_id bigint not null references org,
  sku text not null check (char_length(sku) between 1 and 201),
  book_name text,
  num numeric(30, 0) not null check (num >= 0),
  den numeric(30, 0) not null check (den > 0),
  term tstzrange not null check (not isempty(term) and lower(term) is not null),
  created_at timestamptz not null default clock_timestamp(),
  unique (org_id, id),
  check ((sku = '*') = (book_name is not null)),
  constraint one_contract exclude using gist (org_id with =, sku with =, term with &&)
);

-- Every price that an organisation's requests can meet during a time, with all factors in it. Usage cites it by its id.
create table rate_card (
  id bigint generated always as identity primary key,
  org_id bigint not null references org,
  body text not null,
  sha256 text not null check (sha256 = encode(sha256(convert_to(body, 'UTF8')), 'hex')),
  engine_version int not null,
  created_at timestamptz not null default clock_timestamp(),
  unique (org_id, id),
  unique (org_id, sha256)
);
create trigger append_only before update or delete or truncate on rate_card
  for each statement execute function refuse_change();

-- What one unit of base was worth in units of quote on a day: num/den.
create table fx_rate (
  id bigint generated always as identity primary key,
  base char(3) not null check (base ~ '^[A-Z]{3}$'),
  quote char(3) not null check (quote ~ '^[A-Z]{3}$' and quote <> base),
  as_of date not null,
  source text not null check (char_length(source) between 1 and 100),
  num bigint not null check (num > 0),
  den bigint not null check (den > 0),
  received_at timestamptz not null default clock_timestamp(),
  unique (base, quote, as_of, source)
);
create trigger append_only before update or delete or truncate on fx_rate
  for each statement execute function refuse_change();

select show_to_tenant('contract'), show_to_tenant('rate_card');
