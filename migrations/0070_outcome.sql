-- 维修单: what was wrong by class, what it came to, and how old the machine was: what a service manager counts.
alter table repair_order
  add column fault_class text,
  add column repair_outcome text,
  add column not_repaired_because text,
  add column age_years int;
