-- Who talks with models and sees nothing of the organisation but that: people, and programs that only ask.
alter table membership drop constraint membership_role_check;
alter table membership add constraint membership_role_check
  check (role in ('owner', 'admin', 'billing', 'developer', 'auditor', 'user'));
alter table service_account drop constraint service_account_role_check;
alter table service_account add constraint service_account_role_check
  check (role in ('admin', 'billing', 'developer', 'auditor', 'user'));
