-- 维修单: a computer's insides at intake and now, tests in figures, peers followed up, what was told in special cases,
-- who was identified by what.
alter table repair_order
  add column cpu text,
  add column memory text,
  add column disk text,
  add column cpu_now text,
  add column memory_now text,
  add column disk_now text,
  add column configuration_change text,
  add column diagnostic_tool text,
  add column pages_printed int,
  add column replaces text,
  add column follow_peer_at timestamptz,
  add column peer_price_fen bigint,
  add column special_told int default 0,
  add column customer_chased int default 0,
  add column promise_changes int default 0,
  add column identity_check text,
  add column identity_approved_by uuid,
  add column left_here_at timestamptz;

-- 遗失损坏: what it is, whose hands, what the customer says to the solution, how it ended.
alter table incident
  add column incident_kind text,
  add column happened_on date,
  add column responsible uuid,
  add column solution_kind text,
  add column compensation_fen bigint,
  add column customer_answer text,
  add column proposals int default 0;

-- 备用机借用: what goes along, until when, in what condition it came back.
alter table loan
  add column accessories text,
  add column condition_out text,
  add column until_at timestamptz,
  add column note text;
