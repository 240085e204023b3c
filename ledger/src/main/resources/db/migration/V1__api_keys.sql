-- API keys. Their text is never here: only an HMAC of it under the pepper that lies outside the database.

-- Numbers the changes to keys that every process must notice (revocations). Taking a number locks the row until
-- commit, so numbers become visible in their order and a reader that has seen n has seen all up to n.
create table api_key_change (
  only_row boolean primary key default true check (only_row),
  last_number bigint not null
);
insert into api_key_change (last_number) values (0);

create table api_key (
  id bigint generated always as identity primary key,
  public_id text not null unique check (public_id ~ '^[a-z0-9]{12}$'),
  name text not null check (char_length(name) between 1 and 128),
  hmac bytea not null check (octet_length(hmac) = 32),
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  change_number bigint not null default 0
);
create index api_key_changed on api_key (change_number) where change_number > 0;

-- Which pepper the keys were made with, by an HMAC of a constant: a lost or wrong one is said at the start.
create table api_key_pepper (
  only_row boolean primary key default true check (only_row),
  fingerprint bytea not null
);
