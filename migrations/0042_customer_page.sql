-- What the page of a customer asks for and a customer with very many cases would hide: the few visits, opinions and papers
-- among thousands of orders, and what is not paid.
create index record_care_of_customer on record (company_id, customer, process, opened_at desc, id desc)
  where customer is not null and process in ('care_visit', 'visit_plan', 'call_back', 'complaint', 'opinion',
    'publication', 'document', 'contract', 'site');
create index repair_order_monthly on repair_order (company_id, id)
  where payment_way = 'monthly' and paid_fen is null;
