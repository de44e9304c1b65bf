-- :count people of the tenant :tenant, each with a conversation in which they wrote a minute ago (:tag tells crowds apart).
set session_replication_role = replica;
create temporary table who as
select n, uuidv7() as contact_id, uuidv7() as conversation_id, '+1512' || (2000000 + :from + n)::text as phone
from generate_series(1, :count) n;

insert into contact (tenant_id, id, name, language) select :tenant, contact_id, 'Customer ' || n, 'en' from who;
insert into contact_point (tenant_id, id, contact_id, kind, value, line_type, line_checked_at)
select :tenant, uuidv7(), contact_id, 'phone', phone, 'mobile', now() from who;
insert into conversation (tenant_id, id, contact_id, status, source, last_event_at, preview, preview_direction, unread)
select :tenant, conversation_id, contact_id, 'open', 'form', now(), '', 'in', false from who;
insert into message (tenant_id, id, conversation_id, at, direction, channel, kind, purpose, lane, state, from_address,
                     to_address, body, segments, encoding, attempts, media)
select :tenant, uuidv7(), conversation_id, now(), 'in', 'sms', 'inbound', 'reply', 'now', 'received', phone,
       '+15125550100', 'Please call me', 1, 'GSM-7', 0, '[]' from who;
