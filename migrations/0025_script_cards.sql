-- Which script cards (话术) were on the screen while something was done: kept with the event, never changed.
alter table event add column shown text[];
