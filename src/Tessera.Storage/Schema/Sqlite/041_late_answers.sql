-- Answers that nobody waits for: they are kept until what they prove is settled.

ALTER TABLE sms_scripts ADD COLUMN late INTEGER; -- since when its answer waits to be settled; null where it does not

CREATE INDEX late_answers ON sms_scripts (late, card_id, session, number) WHERE late IS NOT NULL;

-- The intent of such an answer is found by its script.
CREATE INDEX intents_of_card ON intents (card_id);

-- What came late before is settled now, or was settled by the card already.
UPDATE sms_scripts SET late = s.closed FROM sms_sessions s
WHERE s.card_id = sms_scripts.card_id AND s.session = sms_scripts.session AND s.closed IS NOT NULL
AND answer IS NOT NULL AND number = (
  SELECT max(number) FROM sms_scripts o WHERE o.card_id = s.card_id AND o.session = s.session);
