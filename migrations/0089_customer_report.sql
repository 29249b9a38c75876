-- Visits by the day that was planned: the report of visits kept reads the days that are asked for.
create index care_visit_planned on care_visit (company_id, planned_at) where planned_at is not null;
