-- How people prove who they are, and what they are signed in with. None of this is shown to the role yuntai_tenant.

-- What a person signs in with. It reaches as far as whoever vouched for the person: org_id is the organisation by whose
-- link it was set, and null where the operator or an identity provider vouched.
create table credential (
  user_id bigint primary key references app_user,
  org_id bigint references org,
  password_hash text check (char_length(password_hash) <= 300),
  password_at timestamptz,
  factor_secret bytea,
  -- Since when codes are asked for; null until a first code has proven that the person's app has the secret.
  factor_since timestamptz check (factor_since is null or factor_secret is not null),
  -- The last step of time whose code was used: none is good twice.
  factor_step bigint not null default 0
);

create table recovery_code (
  user_id bigint not null references app_user,
  hmac bytea not null check (octet_length(hmac) = 32),
  used_at timestamptz,
  primary key (user_id, hmac)
);

-- Who somebody is at an identity provider.
create table external_identity (
  issuer text not null check (char_length(issuer) between 1 and 1000),
  subject text not null check (char_length(subject) between 1 and 300),
  user_id bigint not null references app_user,
  linked_at timestamptz not null default clock_timestamp(),
  primary key (issuer, subject)
);
create index external_identity_user on external_identity (user_id);

create table user_session (
  id bigint generated always as identity primary key,
  hmac bytea not null unique check (octet_length(hmac) = 32),
  user_id bigint not null references app_user,
  -- The only organisation that it opens; null for all of the person's.
  org_id bigint references org,
  method text not null check (method in ('password', 'link', 'oidc')),
  origin text not null check (char_length(origin) between 1 and 100),
  agent text not null check (char_length(agent) <= 200),
  created_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index user_session_user on user_session (user_id) where ended_at is null;

create table sign_in_link (
  hmac bytea primary key check (octet_length(hmac) = 32),
  -- Null for the first owner of this server, who says who that is when the link is used.
  user_id bigint references app_user,
  org_id bigint references org,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  used_at timestamptz
);

-- How often somebody guessed, and until when that costs waiting.
create table sign_in_guess (
  subject text primary key check (char_length(subject) <= 400),
  failures int not null check (failures >= 0),
  last_at timestamptz not null,
  blocked_until timestamptz
);
