-- The log of requests in the orders that people ask for: what was slow, long or dear. Of one tenant or of all: whose it is
-- and when it was stands beside the order, so that rows which a page leaves out are not read.
create index request_log_total on request_log (total_micros desc, id desc) include (org_id, at);
create index request_log_first on request_log ((coalesce(first_token_micros, -1)) desc, id desc) include (org_id, at);
create index request_log_input on request_log ((input + cache_hit + cache_write) desc, id desc) include (org_id, at);
create index request_log_output on request_log ((output + reasoning) desc, id desc) include (org_id, at);
create index request_log_amount on request_log (amount_nano desc, residue_pico desc, id desc) include (org_id, at);
