-- Days whose usage was taken out of the database into files.
create table seal (
  day date primary key,
  rows bigint not null check (rows >= 0),
  amount_nano numeric(38, 0) not null,
  file text not null,
  sha256 bytea not null check (octet_length(sha256) = 32),
  at timestamptz not null default clock_timestamp()
);

-- What of an entry's usage lies in files: enough to go on with its Merkle tree, whose first leaves these rows are.
create table seal_entry (
  org_id bigint not null,
  seq bigint not null,
  usage_rows int not null check (usage_rows > 0),
  amount_nano bigint not null,
  subtrees bytea not null,
  primary key (org_id, seq),
  foreign key (org_id, seq) references ledger_tx
);
