-- How a tenant wants the console to look for its people.
create table branding (
  org_id bigint primary key references org,
  -- What the console is called; empty for the product's own.
  name text not null check (char_length(name) <= 40),
  -- Colour of what is chosen and what can be done; empty for the product's own.
  accent text not null check (accent ~ '^(#[0-9a-f]{6})?$'),
  logo bytea check (octet_length(logo) between 1 and 65536),
  logo_type text not null check (logo_type in ('', 'image/png', 'image/jpeg', 'image/webp')),
  version bigint not null,
  check ((logo is null) = (logo_type = ''))
);
select show_to_tenant('branding', 'select, insert, update');
