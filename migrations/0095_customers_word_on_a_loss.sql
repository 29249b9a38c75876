-- What the customer said of a proposal after a loss stands on the report that is signed, also when it is printed again.
alter table incident add column tell_way text, add column answer text;

update incident i set tell_way = e.input ->> 'tell_way', answer = e.input ->> 'answer'
from (select distinct on (company_id, record_id) company_id, record_id, input from event
  where process = 'incident' and action = 'tell_customer' order by company_id, record_id, seq desc) e
where e.company_id = i.company_id and e.record_id = i.id;
