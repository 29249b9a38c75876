-- A long name of a unit says what people look for at its end (研究所病害防治室): its first forty ends are keys, not its first sixteen.
create or replace function write_person_keys(company int, source_id uuid, names text[], initials text[], pinyins text[],
    phones text[]) returns void
  language sql volatile
  as $$
    delete from lookup_key k where k.company_id = company and k.source = source_id;
    insert into lookup_key (company_id, kind, starts, key, source)
    select company, 'name', e.starts, e.key, source_id
      from unnest(names) t, lookup_ends(t, case when length(t) = 1 then 1 else 2 end, 40) e
    union select company, 'phone', e.starts, e.key, source_id from unnest(phones) t, lookup_ends(t, 3, 18) e
    union select company, 'initials', e.starts, e.key, source_id from unnest(initials) t, lookup_ends(t, 2, 40) e
    union select company, 'pinyin', true, left(t, 24), source_id from unnest(pinyins) t where t <> ''
    on conflict do nothing;
  $$;

insert into lookup_key (company_id, kind, starts, key, source)
select p.company_id, p.kind, e.starts, e.key, p.id
from (select company_id, id, 'name' as kind, unnest(array_remove(array[name_key, short_key], null)) as whole
      from customer where merged_into is null
    union all select company_id, id, 'initials', unnest(initials || short_initials) from customer where merged_into is null
    union all select company_id, id, 'name', name_key from contact where active and name_key is not null
    union all select company_id, id, 'initials', unnest(initials) from contact where active) p,
  lookup_ends(p.whole, 2, 40) e
where length(p.whole) > 12
on conflict do nothing;
