-- 维修单: when the customer is called again, before a promise passes, and when a machine is delivered; who received it.
alter table repair_order
  add column call_again_at timestamptz,
  add column contact_by_at timestamptz,
  add column delivery_at timestamptz,
  add column aas_opened_at timestamptz,
  add column receiver uuid,
  add column opinion text;

-- 回访: by when its result is told at the morning meeting.
alter table call_back add column report_by_at timestamptz;
