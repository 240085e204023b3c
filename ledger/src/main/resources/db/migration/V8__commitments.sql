-- What organisations committed to or are given by the period; invoices apply it (docs/decisions/040).
create table commitment (
  id bigint generated always as identity primary key,
  org_id bigint not null references org,
  kind text not null check (kind in ('free_tokens', 'reservation', 'savings_plan')),
  sku text not null check (char_length(sku) between 1 and 201),
  period text not null check (period in ('hour', 'month')),
  -- Whose clock months go by.
  zone text not null check (char_length(zone) between 1 and 64),
  -- Covered in each period, of free tokens and reservations.
  tokens bigint check (tokens between 1 and 1000000000000000),
  -- Paid for each period.
  fee_nano bigint not null check (fee_nano between 0 and 4000000000000000000),
  -- What a savings plan pays of prices.
  num numeric(30, 0),
  den numeric(30, 0),
  term tstzrange not null check (not isempty(term) and lower(term) is not null and not lower_inf(term)),
  created_at timestamptz not null default clock_timestamp(),
  unique (org_id, id),
  check ((tokens is null) = (kind = 'savings_plan')),
  check (num_nulls(num, den) = case kind when 'savings_plan' then 0 else 2 end),
  check (num > 0 and num <= den),
  check ((fee_nano = 0) = (kind = 'free_tokens')),
  constraint one_commitment exclude using gist (org_id with =, kind with =, sku with =, term with &&)
);

create function refuse_changed_commitment() returns trigger language plpgsql as $$
begin
  if (to_jsonb(old) - 'term') <> (to_jsonb(new) - 'term') or lower(old.term) <> lower(new.term) or not upper_inf(old.term) then
    raise exception 'of commitment % only the end can be set, once', old.id;
  end if;
  return new;
end
$$;
create trigger only_ended before update on commitment for each row execute function refuse_changed_commitment();
create trigger kept before delete or truncate on commitment for each statement execute function refuse_change();

select show_to_tenant('commitment');
