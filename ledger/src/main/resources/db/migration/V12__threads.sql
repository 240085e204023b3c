-- What people talk with models about: threads of a person within an organisation, messages as a tree below each, so that
-- editing and asking again make branches, and files as the text that was read from them.
create table chat_thread (
  id uuid primary key default gen_random_uuid(),
  org_id bigint not null,
  user_id bigint not null,
  title text not null default '' check (char_length(title) <= 200),
  system_prompt text not null default '' check (char_length(system_prompt) <= 100000),
  -- Who is asked next: one model, or two side by side.
  models text[] not null default '{}' check (cardinality(models) <= 2),
  -- Temperature and the like, as JSON that nobody here reads.
  parameters text not null default '{}' check (char_length(parameters) <= 4000),
  -- The end of the branch that was looked at last; null before the first message.
  leaf_id bigint,
  archived boolean not null default false,
  created_at timestamptz not null default clock_timestamp(),
  changed_at timestamptz not null default clock_timestamp(),
  unique (org_id, id),
  foreign key (org_id, user_id) references membership (org_id, user_id)
);
create index chat_thread_list on chat_thread (org_id, user_id, archived, changed_at desc, id desc);

create table chat_message (
  id bigint generated always as identity primary key,
  org_id bigint not null,
  thread_id uuid not null,
  -- What it follows; null for the first of a branch.
  parent_id bigint,
  -- The answer of the other model to the same question, where two were asked side by side.
  twin_id bigint,
  role text not null check (role in ('user', 'assistant')),
  text text not null check (char_length(text) <= 1000000),
  thoughts text not null default '' check (char_length(thoughts) <= 1000000),
  state text not null check (state in ('running', 'complete', 'stopped', 'interrupted', 'failed')),
  -- Why it is in this state, as a word for programs and a sentence for people.
  reason text not null default '' check (char_length(reason) <= 100),
  note text not null default '' check (char_length(note) <= 2000),
  model text not null default '' check (char_length(model) <= 300),
  parameters text not null default '{}' check (char_length(parameters) <= 4000),
  input_tokens bigint not null default 0,
  cached_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  price_nano bigint not null default 0,
  currency text not null default '' check (char_length(currency) <= 3),
  request_id uuid,
  first_millis bigint not null default 0,
  millis bigint not null default 0,
  created_at timestamptz not null default clock_timestamp(),
  -- While it runs, also a sign of life.
  changed_at timestamptz not null default clock_timestamp(),
  -- Its words and, of languages without blanks, its pairs of characters; and whose it is.
  words tsvector not null default '',
  unique (org_id, thread_id, id),
  foreign key (org_id, thread_id) references chat_thread (org_id, id) on delete cascade,
  foreign key (org_id, thread_id, parent_id) references chat_message (org_id, thread_id, id),
  foreign key (org_id, thread_id, twin_id) references chat_message (org_id, thread_id, id)
);
create index chat_message_children on chat_message (org_id, thread_id, parent_id, id);
create index chat_message_twin on chat_message (org_id, thread_id, twin_id) where twin_id is not null;
create index chat_message_words on chat_message using gin (words);
create index chat_message_running on chat_message (changed_at) where state = 'running';

create table chat_attachment (
  id uuid primary key default gen_random_uuid(),
  org_id bigint not null,
  user_id bigint not null,
  -- Null until the message is sent that it belongs to.
  thread_id uuid,
  message_id bigint,
  name text not null check (char_length(name) between 1 and 200),
  kind text not null check (kind in ('text', 'markdown', 'csv', 'pdf', 'docx')),
  pages int not null default 0,
  content text not null check (char_length(content) <= 400000),
  created_at timestamptz not null default clock_timestamp(),
  check ((thread_id is null) = (message_id is null)),
  foreign key (org_id, user_id) references membership (org_id, user_id),
  foreign key (org_id, thread_id, message_id) references chat_message (org_id, thread_id, id) on delete cascade
);
create index chat_attachment_message on chat_attachment (org_id, message_id);
create index chat_attachment_draft on chat_attachment (created_at) where message_id is null;

select show_to_tenant('chat_thread', 'select, insert, update');
select show_to_tenant('chat_message', 'select, insert, update');
select show_to_tenant('chat_attachment', 'select, insert, update');
