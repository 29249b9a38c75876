-- What is due may depend on what was done: orders at the counter that nobody has inspected, and those whose symptom differs.
update record r set next_action = case when r.handler is null then 'call_engineer' else 'inspect' end,
  owed_by = case when r.handler is null then 'coordinator' else 'handler' end
from repair_order o where o.company_id = r.company_id and o.id = r.id and r.process = 'repair_order' and r.state = 'intake'
  and o.inspected_at is null;

update record r set next_action = 'settle_mismatch'
from repair_order o where o.company_id = r.company_id and o.id = r.id and r.process = 'repair_order' and r.state = 'testing'
  and o.mismatch_open;

-- A fault that many of one model have is the lead engineers' to take.
update record set owed_by = 'lead_engineer' where process = 'fault_watch' and state = 'found';
