-- A message's files stand in the order in which they were sent along, however their uploads or copies overtook each other.
alter table chat_attachment add column position smallint not null default 0;
