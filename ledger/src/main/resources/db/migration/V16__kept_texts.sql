-- What was asked and answered, kept for some days where a tenant wants that: to look at it and to ask again. Nothing is kept
-- unless somebody of the tenant switches it on, and nobody is let in or charged by these rows.
create table text_keeping (
  org_id bigint primary key references org,
  -- For how long; 0 for not at all.
  days smallint not null check (days between 0 and 90),
  version bigint not null
);
create table kept_text (
  -- As in request_log.
  request_id text primary key check (char_length(request_id) between 1 and 64),
  org_id bigint not null references org,
  -- The person who asked, to whom alone it is shown; 0 for a key.
  user_id bigint not null,
  at timestamptz not null,
  operation text not null check (operation in ('chat', 'completion')),
  -- Whether the answer went on with the last message.
  continued boolean not null,
  -- The body of a request of OpenAI's API that asks the same, whatever API it came by, with the seed that was used.
  asked text not null check (octet_length(asked) <= 8388608),
  -- JSON: choices with text, reasoning and calls.
  answered text not null check (octet_length(answered) <= 8388608)
);
create index kept_text_org on kept_text (org_id, at);

select show_to_tenant('text_keeping', 'select, insert, update');
select show_to_tenant('kept_text', 'select, delete');
