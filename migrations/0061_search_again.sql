-- Every row of the search is made again: pinyin, single characters, the customer's name and numbers without their signs
-- are found now.
insert into search_dirty (company_id, record_id) select r.company_id, r.id from record r order by r.company_id, r.opened_at;
