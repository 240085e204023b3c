-- What becomes of an answer whose client leaves, where the request does not say.
alter table org add column on_disconnect text not null default 'stop'
  check (on_disconnect in ('stop', 'continue'));
