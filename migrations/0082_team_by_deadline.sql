-- The late cases of a team, and its open ones by deadline, without reading those of others.
create index record_team_by_due on record (company_id, team, process, state, due_order, id)
  where kind in ('active', 'waiting');
