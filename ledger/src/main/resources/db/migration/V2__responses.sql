-- Conversations of the Responses API that their clients want kept. JSON stays text: it is given back byte for byte,
-- and jsonb would refuse some of what a model may say (U+0000).
create table response (
  id text primary key check (id ~ '^resp_[0-9a-f]{48}$'),
  tenant text not null,
  previous_id text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  -- What the request itself said, what was answered, and the response object as a whole.
  items text not null,
  output text not null,
  body text not null
);
create index response_expires on response (expires_at);
