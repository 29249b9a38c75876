-- The open cases of a person in one state by deadline, without reading and sorting all that he has.
create index record_handler_by_due on record (company_id, handler, process, state, due_order, id)
  where kind in ('active', 'waiting');
