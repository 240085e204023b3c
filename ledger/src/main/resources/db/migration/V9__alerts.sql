-- Whom an organisation's alerts are told, and the errands of telling them: written with the alert itself, so none is lost.
create table alert_target (
  id bigint generated always as identity primary key,
  org_id bigint not null references org,
  kind text not null check (kind in ('webhook', 'email')),
  address text not null check (char_length(address) between 1 and 1000),
  -- Under which a webhook's calls are signed, sealed under the pepper; null for mail.
  secret bytea check ((secret is null) = (kind = 'email')),
  created_at timestamptz not null default clock_timestamp(),
  deleted_at timestamptz,
  unique (org_id, id)
);
create unique index alert_target_once on alert_target (org_id, kind, address) where deleted_at is null;

alter table budget_alert add unique (org_id, id);

create table alert_delivery (
  id bigint generated always as identity primary key,
  org_id bigint not null,
  alert_id bigint not null,
  target_id bigint not null,
  attempts int not null default 0,
  -- Not before; while somebody tries, when the next one may.
  next_at timestamptz not null default clock_timestamp(),
  delivered_at timestamptz,
  -- When it was given up.
  failed_at timestamptz check (failed_at is null or delivered_at is null),
  problem text not null default '' check (char_length(problem) <= 500),
  unique (alert_id, target_id),
  foreign key (org_id, alert_id) references budget_alert (org_id, id),
  foreign key (org_id, target_id) references alert_target (org_id, id)
);
create index alert_delivery_due on alert_delivery (next_at) where delivered_at is null and failed_at is null;
create index alert_delivery_org on alert_delivery (org_id, id);

select show_to_tenant('alert_target', 'select, insert, update'), show_to_tenant('alert_delivery', 'select');
