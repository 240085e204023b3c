-- Invoices and credit notes: text that never changes, under numbers without gaps.

-- Who stands on an invoice: an organisation as a buyer; organisation 1 sells.
create table party (
  org_id bigint primary key references org,
  name text not null check (char_length(name) between 1 and 120),
  address text[] not null check (cardinality(address) <= 6),
  tax_id text not null check (char_length(tax_id) <= 120),
  jurisdiction text not null check (char_length(jurisdiction) <= 120)
);

create table tax_rate (
  id bigint generated always as identity primary key,
  jurisdiction text not null check (char_length(jurisdiction) between 1 and 120),
  name text not null check (char_length(name) between 1 and 60),
  num numeric(30, 0) not null check (num >= 0),
  den numeric(30, 0) not null check (den > 0 and num <= den),
  valid tstzrange not null check (not isempty(valid)),
  constraint one_rate exclude using gist (jurisdiction with =, name with =, valid with &&)
);

-- The last number of each series. Its row is taken in the transaction that issues, so no number is lost.
create table invoice_series (
  series text primary key check (series ~ '^(INV|CN)-[0-9]{4}$'),
  last_number bigint not null check (last_number > 0)
);

create table invoice (
  number text primary key,
  org_id bigint not null references org,
  series text not null references invoice_series,
  series_number bigint not null check (series_number > 0),
  issued_at timestamptz not null,
  -- Of an invoice: the usage that it is for, from previous_until and previous_seq on; see Terms.UsageRange.
  period tstzrange,
  previous_seq bigint,
  seq bigint,
  -- Of a credit note: the invoice that it is for.
  credits text,
  currency char(3) not null,
  net_minor numeric(38, 0) not null,
  total_minor numeric(38, 0) not null,
  inputs_sha256 text not null check (inputs_sha256 ~ '^[0-9a-f]{64}$'),
  engine_version int not null,
  body text not null,
  body_sha256 text not null check (body_sha256 = encode(sha256(convert_to(body, 'UTF8')), 'hex')),
  unique (series, series_number),
  unique (org_id, number),
  foreign key (org_id, credits) references invoice (org_id, number),
  check (number = series || '-' || lpad(series_number::text, greatest(6, length(series_number::text)), '0')),
  check (num_nulls(period, previous_seq, seq) = case when credits is null then 0 else 3 end),
  check (seq >= previous_seq),
  constraint one_invoice exclude using gist (org_id with =, period with &&)
);
create index invoice_org on invoice (org_id, issued_at);
create trigger append_only before update or delete or truncate on invoice
  for each statement execute function refuse_change();

select show_to_tenant('party'), show_to_tenant('invoice');
