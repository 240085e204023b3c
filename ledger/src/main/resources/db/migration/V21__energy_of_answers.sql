-- What an answer's share of the machine's energy was; null where no meter was read.
alter table chat_message add column energy_millijoules bigint check (energy_millijoules >= 0);
