-- A crowd of tenants with a believable spread: one busy tenant in a hundred has ten times the others' messages.
-- :tenants is how many there are to be in all, :messages how many are to come; :have are there already.
set session_replication_role = replica;
insert into tenant (id, name, slug, trade, timezone, hours, closed_days, observe_federal_holidays, text_back_window_hours,
                    text_back_enabled, marketing_start, marketing_end, marketing_sunday)
select uuidv7(), 'Business ' || n, 'business-' || n, 'plumbing', 'America/Chicago', '{}', '[]', true, 24,
       true, '09:00', '20:00', false
from generate_series((select count(*) from tenant where slug like 'business-%') + 1, :tenants) n;

create temporary table crowd as
select id as tenant_id, row_number() over (order by slug) as place from tenant where slug like 'business-%';

create temporary table share as
select tenant_id, greatest(1, (:messages * case when place % 100 = 1 then 10.0 else 1.0 end
  / (select sum(case when place % 100 = 1 then 10.0 else 1.0 end) from crowd))::int) as messages from crowd;

create temporary table talk as
select s.tenant_id, least(20, s.messages) as length, uuidv7() as contact_id, uuidv7() as conversation_id, n
from share s, generate_series(1, greatest(1, s.messages / 20)) n;

insert into contact (tenant_id, id, name, language)
select tenant_id, contact_id, 'Customer ' || n, 'en' from talk;
insert into contact_point (tenant_id, id, contact_id, kind, value, line_type)
select tenant_id, uuidv7(), contact_id, 'phone', '+1512' || lpad((2000000 + :have + n)::text, 7, '0'), 'mobile' from talk;
insert into conversation (tenant_id, id, contact_id, status, source, last_event_at, preview, preview_direction, unread,
                          waiting_since)
select tenant_id, conversation_id, contact_id, case when n % 5 = 0 then 'closed' else 'open' end, 'call',
       now() - n * interval '7 minutes', 'Can someone come today?', 'in', n % 3 = 0,
       case when n % 7 = 0 and n % 5 <> 0 then now() - n * interval '7 minutes' end
from talk;
insert into message (tenant_id, id, conversation_id, at, direction, channel, kind, purpose, lane, state, from_address,
                     to_address, body, segments, encoding, attempts, media)
select t.tenant_id, uuidv7(), t.conversation_id, now() - t.n * interval '7 minutes' - (20 - k) * interval '3 hours',
       case when k % 2 = 0 then 'in' else 'out' end, 'sms', case when k % 2 = 0 then 'inbound' else 'person' end, 'reply',
       'now', case when k % 2 = 0 then 'received' else 'delivered' end, '+15125550100', '+15125550101',
       (array['My water heater is leaking in the garage', 'Can you stop by tomorrow after 3?', 'We can be there at 10',
              'The toilet in the hall bath keeps running', 'Thanks, see you then'])[1 + (k + t.n) % 5],
       1, 'GSM-7', 0, '[]'
from talk t, generate_series(1, t.length) k;
analyze;
