-- The code on a printed page leads a stranger to the shop that printed it.

-- Guesses at the digits of a telephone number are counted apart from those at links.
alter table attempt drop constraint attempt_what_check;
alter table attempt add constraint attempt_what_check check (what in ('account', 'address', 'link', 'paper'));

-- Which company printed it, and of which record: nothing of the case itself.
create function paper_of(the_code text)
  returns table (company_id int, slug text, company_name text, time_zone text, record_id uuid, process text)
  language plpgsql stable security definer set search_path = public, pg_temp
  as $$
  #variable_conflict use_column
  begin
    return query select c.company_id, c.slug, c.name, c.time_zone, r.id, r.process
      from paper_code p join record r on r.company_id = p.company_id and r.id = p.record_id
        join company c on c.company_id = p.company_id
      where p.code = the_code;
  end $$;

revoke all on function paper_of(text) from public;
grant execute on function paper_of(text) to gongdan_app;
