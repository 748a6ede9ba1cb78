-- SPDX-License-Identifier: EUPL-1.2
-- Valid agreements of these two, with each rule of theirs; what a rule says is judged in agreement.c.
-- name: AGREEMENT_RULES
SELECT agreement.id, agreement.services, agreement.languages, agreement.quota_per_day, agreement_rule.kind, agreement_rule.minutes,
	(SELECT COUNT(*) FROM appointment WHERE appointment.agreement = agreement.id AND appointment.performed_ms >= $day_ms)
		AS used_today
FROM agreement JOIN agreement_rule ON agreement_rule.agreement = agreement.id
WHERE agreement.responsible = $responsible AND agreement.performer = $performer
	AND agreement.valid_from_ms <= $now_ms AND $now_ms < agreement.valid_until_ms
ORDER BY agreement.id, agreement_rule.kind;

-- name: AGREEMENT_LIST
SELECT agreement.id, responsible.name AS responsible, performer.name AS performer, agreement.services, agreement.languages,
	agreement.quota_per_day, agreement.price_cent, agreement.valid_from_ms, agreement.valid_until_ms,
	(SELECT COUNT(*) FROM appointment WHERE appointment.agreement = agreement.id AND appointment.performed_ms >= $day_ms)
		AS used_today
FROM agreement JOIN organisation AS responsible ON responsible.id = agreement.responsible
	JOIN organisation AS performer ON performer.id = agreement.performer
WHERE agreement.responsible = $organisation OR agreement.performer = $organisation
ORDER BY agreement.id;

-- name: AGREEMENT_RULE_LIST
SELECT kind, minutes FROM agreement_rule WHERE agreement = $agreement ORDER BY kind;
