-- A quotation asks again while its customer is silent, knows its tax and what the supervisor agreed to, and is found
-- by the model of its machine once it was accepted.

alter table quotation
  add column tax text,
  add column tax_fen bigint check (tax_fen >= 0),
  add column reviewed_fen bigint,
  add column remind_at timestamptz,
  add column reminders int default 0,
  add column model text,
  add column accepted_at timestamptz;

-- What this customer, and what owners of this model, agreed to before: newest first.
create index quotation_of_model on quotation (company_id, model, accepted_at desc) where accepted_at is not null;
create index record_quoted_customer on record (company_id, customer, closed_at desc)
  where process = 'quotation' and state = 'accepted';
