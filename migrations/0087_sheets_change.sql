-- Sheets that also change what is there, and workbooks of several sheets.

-- `updates`: rows whose record is there change it. `sheets`: the sheets of the workbook that hold something, `sheet` the one
-- that somebody chose; null: the first of them.
alter table sheet_job add column updates boolean not null default false, add column sheets jsonb not null default '[]',
  add column sheet text;

-- change: a row that would change its record; changed: it did. `seq`: the event at which the record stood when the row was
-- looked at. `was`: what its changed fields said then.
alter table sheet_row add column seq int, add column was jsonb;
alter table sheet_row drop constraint sheet_row_state_check;
alter table sheet_row add constraint sheet_row_state_check check (state in ('read', 'good', 'bad', 'there', 'double', 'empty',
  'written', 'refused', 'change', 'changed'));

drop index sheet_row_good;
create index sheet_row_good on sheet_row (company_id, job, n) where state in ('good', 'change');
create index sheet_row_change on sheet_row (company_id, job, n) where state = 'change';
