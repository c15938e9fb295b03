-- The read model: what pages are made from. Every row comes from folding the log, in order;
-- `gaya rebuild` drops all of these tables and folds again, and gets the same rows.
-- Times are UTC, "2026-11-22T12:00:00Z"; `*_entry` columns are leaf indices of the log.

CREATE TABLE folded (
	one   INTEGER PRIMARY KEY CHECK (one = 1),
	size  INTEGER NOT NULL,    -- entries folded so far
	at    TEXT NOT NULL        -- the latest time among them
) STRICT;

CREATE TABLE subject (         -- the `after` chain: the latest event of each subject
	kind  TEXT NOT NULL,       -- 'system', 'department', 'feedback', …
	id    TEXT NOT NULL,
	entry INTEGER NOT NULL,
	PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE register (
	one      INTEGER PRIMARY KEY CHECK (one = 1),
	origin   TEXT NOT NULL,
	opened_at TEXT NOT NULL
) STRICT;

CREATE TABLE settings (        -- what the register says about itself, from one entry to the next
	entry INTEGER PRIMARY KEY, -- register.opened, then each register.changed
	at    TEXT NOT NULL,
	about TEXT NOT NULL        -- JSON: settings.h has its members
) STRICT;

CREATE TABLE decision_rules (  -- the city's rules for decisions: rules.h
	entry    INTEGER PRIMARY KEY,
	at       TEXT NOT NULL,
	from_day TEXT NOT NULL,    -- in the register's time zone
	about    TEXT NOT NULL     -- JSON: two_approvals, consultation, reason
) STRICT;

CREATE TABLE restored (        -- restorations from backups
	entry  INTEGER PRIMARY KEY,
	at     TEXT NOT NULL,
	backup INTEGER NOT NULL,   -- entries of the backup
	seen   INTEGER,            -- entries that others had seen; NULL: nobody could be asked
	about  TEXT                -- JSON: known_by, lost, reason
) STRICT;

CREATE TABLE standard (
	version INTEGER PRIMARY KEY,
	sha256  TEXT NOT NULL,
	entry   INTEGER NOT NULL,
	at      TEXT NOT NULL
) STRICT;

-- The log's own keys, once they change.
CREATE TABLE log_key (
	vkey  TEXT PRIMARY KEY,    -- a C2SP verifier key
	added_entry   INTEGER,     -- NULL: the first, which signed from the start
	retired_entry INTEGER      -- NULL while it signs
) STRICT;

CREATE TABLE log_key_change (
	entry INTEGER PRIMARY KEY,
	vkey  TEXT NOT NULL,       -- the key that was added or retired
	size  INTEGER NOT NULL,    -- of the tree in the statement's checkpoint
	root  TEXT NOT NULL,       -- of that tree, hexadecimal
	at    TEXT NOT NULL,
	sha256 TEXT NOT NULL       -- content: {"statement": a key statement}
) STRICT;

CREATE TABLE policy (
	id      TEXT NOT NULL,
	version INTEGER NOT NULL,  -- number of the adoption, from 1
	sha256  TEXT NOT NULL,     -- content: {"files": {…}}
	about   TEXT NOT NULL,     -- JSON: title, about, not_binding, source, levels
	entry   INTEGER NOT NULL,
	at      TEXT NOT NULL,
	until_entry INTEGER,       -- of the next adoption or the retirement; NULL while in force
	until_at TEXT,
	reason  TEXT,              -- of a retirement: SHA-256 (hex) of the content
	PRIMARY KEY (id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE policy_set (        -- names the policies in force together; '' for none
	one INTEGER PRIMARY KEY CHECK (one = 1),
	key TEXT NOT NULL
) STRICT;

CREATE TABLE department (
	slug  TEXT PRIMARY KEY,
	about TEXT,                -- JSON: name, about; NULL once erased
	sha256 TEXT NOT NULL,      -- content of `about`
	entry INTEGER NOT NULL,
	at    TEXT NOT NULL
) STRICT;

CREATE TABLE department_key (
	vkey       TEXT PRIMARY KEY, -- a C2SP verifier key
	department TEXT NOT NULL REFERENCES department (slug),
	granted_entry INTEGER NOT NULL,
	revoked_entry INTEGER      -- NULL while the key may sign
) STRICT;
CREATE INDEX department_key_department ON department_key (department, granted_entry);

CREATE TABLE person (            -- people who file and decide; names are in no log
	id         TEXT PRIMARY KEY, -- 32 random hexadecimal digits
	role       TEXT NOT NULL,    -- access.h
	department TEXT NOT NULL REFERENCES department (slug),
	entry      INTEGER NOT NULL, -- of the latest appointment
	at         TEXT NOT NULL,
	dismissed_entry INTEGER      -- NULL while appointed
) STRICT;

CREATE TABLE person_key (        -- keys that were granted to a person of a department
	vkey   TEXT PRIMARY KEY,
	person TEXT NOT NULL REFERENCES person (id),
	entry  INTEGER NOT NULL      -- the entry that granted it
) STRICT;
CREATE INDEX person_key_person ON person_key (person);
CREATE UNIQUE INDEX person_key_entry ON person_key (entry);
CREATE INDEX person_key_public ON person_key (substr(vkey, -44)); -- the key itself, without its name

CREATE TABLE stolen_key (        -- keys that were revoked with a day
	vkey   TEXT PRIMARY KEY,
	entry  INTEGER NOT NULL,     -- that revoked it
	since  TEXT NOT NULL         -- the day from which on somebody else may have had it
) STRICT;

CREATE TABLE signed (            -- what persons' keys signed, to be looked through where one is stolen
	entry   INTEGER PRIMARY KEY,
	key     INTEGER NOT NULL,    -- entry that granted it
	at      TEXT NOT NULL,
	type    TEXT NOT NULL,
	subject TEXT NOT NULL
) STRICT;
CREATE INDEX signed_key ON signed (key, entry);

CREATE TABLE declared_none (     -- what departments stated: that they use no AI
	entry      INTEGER PRIMARY KEY,
	department TEXT NOT NULL REFERENCES department (slug),
	at         TEXT NOT NULL,
	sha256     TEXT NOT NULL,    -- content: {"statement": per language, "salt"}
	ended_entry INTEGER          -- of a renewal, or of the publication that it lapsed by; NULL while it stands
) STRICT;
CREATE UNIQUE INDEX declared_none_standing ON declared_none (department) WHERE ended_entry IS NULL;
CREATE INDEX declared_none_department ON declared_none (department, entry);

CREATE TABLE system (
	slug       TEXT PRIMARY KEY, -- never reused
	department TEXT NOT NULL REFERENCES department (slug), -- who filed last
	state      TEXT NOT NULL,    -- 'filed' (nothing published yet), 'published', 'suspended', 'retired'
	version    INTEGER NOT NULL DEFAULT 0, -- newest published; 0 for none
	filing     INTEGER,          -- entry of the filing that waits for the office; NULL: none
	returned   INTEGER,          -- entry of the latest filing if the office returned it and nothing was filed since
	successor  TEXT,             -- of a retired system
	reason     TEXT,             -- SHA-256 (hex) of the content with the reason for suspending or retiring
	imported   TEXT,             -- of an imported system: 'profile hash', the hash of the other register's id
	source     TEXT,             -- the id itself, 'profile key'; NULL once erased
	source_stays INTEGER NOT NULL, -- 1: an old entry has it, so it cannot be erased
	first_at   TEXT NOT NULL,
	changed_at TEXT NOT NULL,    -- the last change of its public record or state
	-- copied from the newest published record, NULL without one
	name       TEXT,             -- JSON, a text per language
	summary    TEXT,             -- JSON, description_short
	status     TEXT,             -- the record's own status
	risk       TEXT,             -- risk_category
	contact    TEXT,             -- contact_email
	required   INTEGER,          -- fields that the standard in force requires of it
	filled     INTEGER,          -- of these
	withheld   INTEGER,          -- of these, with a reason and a legal basis
	-- copied from the newest judgement of the newest version
	judged_by  TEXT NOT NULL DEFAULT '', -- the policy set's key
	level      TEXT,             -- derived; NULL if no policy gave one
	duties     INTEGER NOT NULL DEFAULT 0,
	duties_met INTEGER NOT NULL DEFAULT 0,
	duty_due   TEXT,             -- the due day of its first unmet duty
	attention  INTEGER,          -- entry of a judgement that changed what was published
	review_by  TEXT,             -- the policies' last day for a review
	revision_date TEXT           -- the day in the newest record
) STRICT;
CREATE INDEX system_department ON system (department, slug, version);
CREATE INDEX system_published ON system (slug, changed_at) WHERE version > 0; -- the sitemap
CREATE INDEX system_changed ON system (changed_at DESC, slug);
CREATE INDEX system_contact ON system (contact, department) WHERE contact IS NOT NULL;
CREATE INDEX system_successor ON system (successor) WHERE successor IS NOT NULL;
-- For work lists, of all departments and of one.
CREATE INDEX system_attention ON system (attention) WHERE attention IS NOT NULL;
CREATE INDEX system_attention_of ON system (department, attention) WHERE attention IS NOT NULL;
CREATE INDEX system_filing ON system (filing) WHERE filing IS NOT NULL;
CREATE INDEX system_filing_of ON system (department, filing) WHERE filing IS NOT NULL;
CREATE INDEX system_returned ON system (returned) WHERE returned IS NOT NULL;
CREATE INDEX system_returned_of ON system (department, returned) WHERE returned IS NOT NULL;
-- The review's due day, the expression of QUERY_REVIEW_DUE (query_parts.h).
CREATE INDEX system_review ON system (iif(state = 'retired', NULL,
	coalesce(min(revision_date, review_by), revision_date, review_by)), slug) WHERE version > 0;
CREATE INDEX system_review_of ON system (department, iif(state = 'retired', NULL,
	coalesce(min(revision_date, review_by), revision_date, review_by)), slug) WHERE version > 0;
CREATE INDEX system_duty ON system (iif(state = 'retired', NULL, duty_due), slug) WHERE version > 0; -- QUERY_DUTY_DUE
CREATE INDEX system_duty_of ON system (department, iif(state = 'retired', NULL, duty_due), slug) WHERE version > 0;
CREATE INDEX system_judged_by ON system (judged_by, slug, version, state) WHERE version > 0 AND state <> 'retired';
CREATE UNIQUE INDEX system_imported ON system (imported) WHERE imported IS NOT NULL;

CREATE TABLE filing (
	entry      INTEGER PRIMARY KEY,
	system     TEXT NOT NULL,
	department TEXT NOT NULL,
	signer     TEXT,             -- vkey; NULL for an import
	person     TEXT,             -- owner of that key; NULL: the department
	sha256     TEXT NOT NULL,    -- content: {"record": …, "salt": …}, for an import also "source"
	at         TEXT NOT NULL,
	outcome    TEXT NOT NULL,    -- 'waiting', 'published', 'returned', 'replaced'
	outcome_entry INTEGER,
	outcome_at TEXT,
	decided_by TEXT,             -- the person of the office who signed the decision; NULL: the operator, or nobody
	reason     TEXT              -- of a return: SHA-256 (hex) of the content
) STRICT;
CREATE INDEX filing_system ON filing (system, entry);
CREATE INDEX filing_sha256 ON filing (sha256);
CREATE INDEX filing_department ON filing (department, entry);

CREATE TABLE consultation (      -- public consultations on systems
	entry  INTEGER PRIMARY KEY,
	system TEXT NOT NULL,
	at     TEXT NOT NULL,
	closes TEXT NOT NULL,        -- the last day to write, in the register's time zone
	sha256 TEXT NOT NULL,        -- content: {"question": per language, "salt"}
	closed_entry INTEGER,        -- NULL: the office has not answered yet
	closed_at TEXT,
	answer TEXT                  -- SHA-256 (hex) of the content: {"answer": per language, "salt"}
) STRICT;
CREATE INDEX consultation_system ON consultation (system, entry);
CREATE UNIQUE INDEX consultation_open ON consultation (system) WHERE closed_entry IS NULL;

CREATE TABLE approval (          -- by the first of two people who must approve
	filing INTEGER NOT NULL,
	person TEXT NOT NULL,
	role   TEXT NOT NULL,        -- the person's role then
	entry  INTEGER NOT NULL,
	at     TEXT NOT NULL,
	PRIMARY KEY (filing, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE version (
	system TEXT NOT NULL,
	n      INTEGER NOT NULL,     -- from 1
	filing INTEGER NOT NULL REFERENCES filing (entry),
	entry  INTEGER NOT NULL,     -- of the publication
	at     TEXT NOT NULL,
	sha256 TEXT NOT NULL,        -- the filing's content
	standard INTEGER NOT NULL,   -- version of the standard it was checked against
	review_by TEXT,              -- the day that the office set, earlier than all others; NULL: none
	PRIMARY KEY (system, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE judgement (         -- every judgement of a version by the policies
	entry   INTEGER PRIMARY KEY, -- of the publication, or of system.judged
	system  TEXT NOT NULL,
	version INTEGER NOT NULL,
	at      TEXT NOT NULL,
	sha256  TEXT NOT NULL,       -- content: registry/policy/judgement.h
	level   TEXT,
	changes TEXT                 -- JSON, compared with the publication's; NULL for none
) STRICT;
CREATE INDEX judgement_system ON judgement (system, entry);

CREATE TABLE due (               -- duties with a day, of each system's newest judgement; none of a retired system
	system TEXT NOT NULL,
	department TEXT NOT NULL,    -- of the system now, as in `milestone`, `feedback` and `answer`: system_moves
	policy TEXT NOT NULL,
	duty   TEXT NOT NULL,
	due    TEXT NOT NULL,        -- the last day to do it, in the register's time zone
	met    INTEGER NOT NULL,
	about  TEXT NOT NULL,        -- JSON: {"text", "basis"} of the duty
	PRIMARY KEY (system, policy, duty)
) STRICT, WITHOUT ROWID;
CREATE INDEX due_unmet ON due (met, due, system) WHERE met = 0;
CREATE INDEX due_unmet_of ON due (department, met, due, system) WHERE met = 0;

CREATE TABLE duty_event (        -- duties that an event of the office fulfils, from each system's newest judgement
	system TEXT NOT NULL,
	policy TEXT NOT NULL,
	duty   TEXT NOT NULL,
	list   TEXT NOT NULL,        -- list.submitted of this list fulfils it
	met    INTEGER NOT NULL,     -- 1: the record itself shows it as met
	entry  INTEGER,              -- the last event that fulfilled it; NULL: none since the duty is owed
	owed   INTEGER NOT NULL,     -- 0 only within a fold
	PRIMARY KEY (system, policy, duty)
) STRICT, WITHOUT ROWID;
CREATE INDEX duty_event_list ON duty_event (list, system);

CREATE TABLE milestone (         -- all public events of a system, for histories
	entry  INTEGER PRIMARY KEY,
	system TEXT NOT NULL,
	department TEXT NOT NULL,
	type   TEXT NOT NULL,        -- 'system.published', 'system.suspended', …
	at     TEXT NOT NULL,
	version INTEGER,             -- of a publication
	state  TEXT NOT NULL,        -- of the system after the event
	successor TEXT,
	reason TEXT,                 -- SHA-256 (hex) of the content with the reason
	by     TEXT NOT NULL,        -- 'office', 'register', for figures the department
	person TEXT,                 -- of the office, who signed it; NULL: the operator
	role   TEXT                  -- the person's role then
) STRICT;
CREATE INDEX milestone_system ON milestone (system, entry);
CREATE INDEX milestone_department ON milestone (department, entry);

CREATE TABLE kpi_report (        -- figures that departments reported on their systems
	entry      INTEGER PRIMARY KEY,
	system     TEXT NOT NULL,
	department TEXT NOT NULL,
	person     TEXT,             -- whose key signed; NULL where it is the department's
	at         TEXT NOT NULL,
	sha256     TEXT NOT NULL     -- content: {"figures": figure.h, "salt"}
) STRICT;
CREATE INDEX kpi_report_system ON kpi_report (system, entry);

CREATE TABLE incident (          -- incidents that departments reported
	entry      INTEGER PRIMARY KEY,
	system     TEXT NOT NULL,
	department TEXT NOT NULL,
	person     TEXT,             -- whose key signed; NULL where it is the department's
	at         TEXT NOT NULL,
	since      TEXT NOT NULL,    -- the day on which it began
	aware      TEXT NOT NULL,    -- the day on which the city learned of it
	severity   TEXT NOT NULL,    -- incident.h
	public_on  TEXT,             -- the day until which the description is held back; NULL: it is not
	ground     TEXT,             -- for holding it back
	sha256     TEXT NOT NULL,    -- content: {"what", "affected", "done"?: per language, "salt"}
	closed_entry INTEGER         -- NULL while it is open
) STRICT;
CREATE INDEX incident_system ON incident (system, entry);
CREATE INDEX incident_open ON incident (entry) WHERE closed_entry IS NULL;

CREATE TABLE incident_note (     -- later notes on incidents
	entry    INTEGER PRIMARY KEY,
	incident INTEGER NOT NULL REFERENCES incident (entry),
	at       TEXT NOT NULL,
	severity TEXT,               -- from then on; NULL: unchanged
	told_on  TEXT,               -- the day on which the authority was told
	closes   INTEGER NOT NULL,
	sha256   TEXT NOT NULL       -- content: {"text": per language, "salt"}
) STRICT;
CREATE INDEX incident_note_incident ON incident_note (incident, entry);

CREATE TABLE held (              -- contents that become public after a day, until an entry comes after it
	sha256    TEXT PRIMARY KEY,
	public_on TEXT NOT NULL
) STRICT;
CREATE INDEX held_public_on ON held (public_on);

CREATE TABLE attachment (        -- files that departments attached
	sha256     TEXT NOT NULL,
	department TEXT NOT NULL,
	entry      INTEGER NOT NULL,
	at         TEXT NOT NULL,
	PRIMARY KEY (sha256, department)
) STRICT, WITHOUT ROWID;

CREATE TABLE version_file (      -- files that published records name, until these are erased
	system TEXT NOT NULL,
	n      INTEGER NOT NULL,     -- the version
	sha256 TEXT NOT NULL,        -- of the file
	record TEXT NOT NULL,        -- of the filing's content
	PRIMARY KEY (system, n, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX version_file_sha256 ON version_file (sha256, system);
CREATE INDEX version_file_record ON version_file (record);

CREATE TABLE feedback (
	id       TEXT PRIMARY KEY,   -- public; the receipt's code hashes to it
	system   TEXT,               -- NULL: about no particular system
	department TEXT,             -- NULL: the same
	consultation INTEGER,        -- entry of the consultation that it answers; NULL: none
	sha256   TEXT NOT NULL,      -- content: {"text", "lang", "name"?, "salt"}
	entry    INTEGER NOT NULL,
	at       TEXT NOT NULL,
	state    TEXT NOT NULL,      -- 'received', 'published', 'withheld', 'merged': unread by others
	decided_entry INTEGER,
	decided_at TEXT,
	code     TEXT,               -- of withholding: a reason of the published list; or NULL
	reason   TEXT,               -- in the office's own words: SHA-256 (hex); or NULL
	answered_at TEXT,            -- of the first answer
	merged_into TEXT,            -- the question whose answers are also for this one; or NULL
	merged_entry INTEGER,        -- that merged it while it was public; else NULL
	merged_at TEXT,
	masked   TEXT,               -- the text that is shown instead: SHA-256 (hex); NULL: its own
	erased_entry INTEGER,        -- that erased the shown text; NULL while it is there
	withdrawn_entry INTEGER,     -- by the author; NULL if not withdrawn
	swept_entry INTEGER          -- as part of a flood; else NULL
) STRICT;
CREATE INDEX feedback_system ON feedback (system, entry);
CREATE INDEX feedback_state ON feedback (state, entry);
CREATE INDEX feedback_decided ON feedback (state, decided_entry);
CREATE INDEX feedback_decided_of ON feedback (department, state, decided_entry);
CREATE INDEX feedback_joined ON feedback (merged_entry) WHERE merged_entry IS NOT NULL;
CREATE INDEX feedback_joined_of ON feedback (department, merged_entry) WHERE merged_entry IS NOT NULL;
CREATE INDEX feedback_text ON feedback (sha256);
-- Questions that wait for an answer, of all departments and of one.
CREATE INDEX feedback_open ON feedback (entry) WHERE state IN ('received', 'published')
	AND answered_at IS NULL AND merged_into IS NULL AND erased_entry IS NULL;
CREATE INDEX feedback_open_of ON feedback (department, entry) WHERE state IN ('received', 'published')
	AND answered_at IS NULL AND merged_into IS NULL AND erased_entry IS NULL;
CREATE INDEX feedback_masked ON feedback (masked);
CREATE INDEX feedback_merged ON feedback (merged_into);

CREATE TABLE mask (              -- all masked texts that were ever shown
	entry    INTEGER PRIMARY KEY,
	feedback TEXT NOT NULL REFERENCES feedback (id),
	sha256   TEXT NOT NULL       -- content: mask.h
) STRICT;
CREATE INDEX mask_feedback ON mask (feedback, entry);

CREATE TABLE answer (
	entry    INTEGER PRIMARY KEY,
	feedback TEXT NOT NULL REFERENCES feedback (id),
	department TEXT,             -- as that of the question
	by       TEXT NOT NULL,      -- 'department/<slug>' or 'office'
	sha256   TEXT NOT NULL,      -- content: {"text": per language, "salt"}
	at       TEXT NOT NULL,
	personal INTEGER NOT NULL    -- 1 if the question was withheld: only for its author
) STRICT;
CREATE INDEX answer_feedback ON answer (feedback, entry);
CREATE INDEX answer_sha256 ON answer (sha256);
CREATE INDEX answer_department ON answer (department, entry) WHERE NOT personal;

CREATE TABLE list_submitted (    -- lists of AI services that the office submitted
	entry    INTEGER PRIMARY KEY,
	list     TEXT NOT NULL,      -- the profile of the export
	at       TEXT NOT NULL,
	day      TEXT NOT NULL,      -- of the submission
	file     TEXT NOT NULL,      -- SHA-256 (hex) of the file, which is not stored
	services INTEGER NOT NULL,   -- number of services on it
	sha256   TEXT NOT NULL       -- content: {"to": per language, "note"?, "salt"}
) STRICT;
CREATE INDEX list_submitted_list ON list_submitted (list, entry);

-- Results of the policy of Korea's Act 21392, and their counts: services.h.
CREATE TABLE service (           -- each published system
	system     TEXT PRIMARY KEY,
	listed     INTEGER NOT NULL, -- 1: it is on the list of services now
	was_listed INTEGER NOT NULL, -- 1: some version was, by its own record
	retired    INTEGER NOT NULL, -- 1: it was listed, and is retired
	ended      TEXT,             -- its end according to its newest record
	responsibility TEXT,         -- JSON: who is responsible for decisions, if it is on the list
	next_due   TEXT,             -- the first due day for assessing it, or for having its exemption confirmed
	counted    TEXT NOT NULL     -- JSON: the rows of service_count that include it
) STRICT, WITHOUT ROWID;
CREATE INDEX service_retired ON service (system) WHERE retired = 1;
CREATE INDEX service_responsibility ON service (system) WHERE responsibility IS NOT NULL;
CREATE INDEX service_next ON service (next_due, system) WHERE next_due IS NOT NULL;

CREATE TABLE service_count (
	what TEXT PRIMARY KEY,       -- 'kind done', 'next 2027-08-31', …: services.c
	n    INTEGER NOT NULL        -- systems
) STRICT, WITHOUT ROWID;

CREATE TABLE service_duty (      -- the wording in the newest judgement with the duty
	duty  TEXT PRIMARY KEY,
	about TEXT NOT NULL          -- JSON: text, basis, from
) STRICT, WITHOUT ROWID;

CREATE TABLE service_past (      -- each system's state after each entry that changed its record, judgement or state
	entry    INTEGER PRIMARY KEY,
	system   TEXT NOT NULL,
	version  INTEGER NOT NULL,
	state    TEXT NOT NULL,
	listed   INTEGER NOT NULL,
	level    TEXT,               -- derived by the policy; NULL if it was not run
	standing TEXT,
	due      TEXT
) STRICT;
CREATE INDEX service_past_system ON service_past (system, entry);

CREATE TABLE content_state (
	sha256 TEXT PRIMARY KEY,
	type   TEXT NOT NULL,        -- media type
	size   INTEGER NOT NULL,
	public INTEGER NOT NULL,     -- 1: /log/content/ may return it
	erasable INTEGER NOT NULL,   -- 1: it is salted or a file, so it can be erased
	erased_entry INTEGER         -- NULL while it is there
) STRICT;

-- The texts that searches find. The tables of SQLite's FTS5 after them are only indexes, which can be
-- rebuilt from the texts at any time (base/words.h makes the tokens).
CREATE TABLE search_text (       -- of each published system
	id      INTEGER PRIMARY KEY, -- entry of its last change, minus SEARCH_RETIRED once it is retired; for newest first
	system  TEXT NOT NULL UNIQUE,
	name    TEXT NOT NULL,       -- in all languages, one per line, like all texts here
	tags    TEXT NOT NULL,       -- and categories
	summary TEXT NOT NULL,
	rest    TEXT NOT NULL,       -- all other public texts, and labels of coded values
	not_for TEXT NOT NULL,       -- excluded uses according to the record
	facets  TEXT NOT NULL        -- tokens for its department, status and risk, for filters
) STRICT;
CREATE VIRTUAL TABLE search_head USING fts5 (name, tags, summary, facets,
	content = 'search_text', content_rowid = 'id', tokenize = 'words');
CREATE VIRTUAL TABLE search_body USING fts5 (name, tags, summary, rest, not_for, facets,
	content = 'search_text', content_rowid = 'id', tokenize = 'words');
-- Bytes of entries that FTS5 collects before it writes a piece of the index: with 1 MB, its default, making
-- the whole index takes a fifth longer, as more pieces are merged; with 64 MB no less.
INSERT INTO search_body (search_body, rank) VALUES ('hashsize', 4194304);
CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab (search_head, row);

CREATE TABLE search_question (   -- each public question about a system
	id     INTEGER PRIMARY KEY,  -- entry of the question
	system TEXT NOT NULL,
	asked  TEXT NOT NULL         -- its text, and its public answers
) STRICT;
CREATE VIRTUAL TABLE search_asked USING fts5 (asked,
	content = 'search_question', content_rowid = 'id', tokenize = 'words');

CREATE TABLE search_department ( -- their names
	id   INTEGER PRIMARY KEY,    -- entry that added it
	slug TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL
) STRICT;
CREATE VIRTUAL TABLE search_called USING fts5 (name,
	content = 'search_department', content_rowid = 'id', tokenize = 'words');

-- Lists of systems by department, status and risk, where '' means any: a page of such a list is a few
-- adjacent rows, and its length is one row.
CREATE TABLE system_listed (     -- each published system, in the eight lists that it is in
	department TEXT NOT NULL,
	status     TEXT NOT NULL,    -- shown to readers: suspended and retired win
	risk       TEXT NOT NULL,
	changed_at TEXT NOT NULL,
	system     TEXT NOT NULL,
	PRIMARY KEY (department, status, risk, changed_at DESC, system)
) STRICT, WITHOUT ROWID;

CREATE TABLE system_count (      -- the length of each of these lists
	department TEXT NOT NULL,
	status     TEXT NOT NULL,
	risk       TEXT NOT NULL,
	n          INTEGER NOT NULL,
	PRIMARY KEY (department, status, risk)
) STRICT, WITHOUT ROWID;

-- A system that was never public is in no list and no sum.
CREATE TRIGGER system_lists AFTER UPDATE OF department, state, version, status, risk, changed_at ON system
WHEN max(OLD.version, NEW.version) > 0 AND (OLD.version > 0, OLD.department, OLD.state, OLD.status, OLD.risk, OLD.changed_at)
	IS NOT (NEW.version > 0, NEW.department, NEW.state, NEW.status, NEW.risk, NEW.changed_at)
BEGIN
	UPDATE system_count SET n = n - 1 WHERE OLD.version > 0 AND department IN (OLD.department, '') AND risk IN (coalesce(OLD.risk, ''), '')
		AND status IN (CASE WHEN OLD.state IN ('suspended', 'retired') THEN OLD.state ELSE coalesce(OLD.status, '') END, '');
	DELETE FROM system_count WHERE n = 0 AND department IN (OLD.department, '') AND risk IN (coalesce(OLD.risk, ''), '')
		AND status IN (CASE WHEN OLD.state IN ('suspended', 'retired') THEN OLD.state ELSE coalesce(OLD.status, '') END, '');
	DELETE FROM system_listed WHERE OLD.version > 0 AND department IN (OLD.department, '') AND risk IN (coalesce(OLD.risk, ''), '')
		AND status IN (CASE WHEN OLD.state IN ('suspended', 'retired') THEN OLD.state ELSE coalesce(OLD.status, '') END, '')
		AND changed_at = OLD.changed_at AND system = OLD.slug;
	INSERT INTO system_listed SELECT d.x, s.x, r.x, NEW.changed_at, NEW.slug
		FROM (SELECT NEW.department AS x UNION SELECT '') d, (SELECT coalesce(NEW.risk, '') AS x UNION SELECT '') r,
		(SELECT CASE WHEN NEW.state IN ('suspended', 'retired') THEN NEW.state ELSE coalesce(NEW.status, '') END AS x UNION SELECT '') s
		WHERE NEW.version > 0;
	INSERT INTO system_count SELECT d.x, s.x, r.x, 1
		FROM (SELECT NEW.department AS x UNION SELECT '') d, (SELECT coalesce(NEW.risk, '') AS x UNION SELECT '') r,
		(SELECT CASE WHEN NEW.state IN ('suspended', 'retired') THEN NEW.state ELSE coalesce(NEW.status, '') END AS x UNION SELECT '') s
		WHERE NEW.version > 0
		ON CONFLICT DO UPDATE SET n = n + 1;
END;

-- What a department's page says of its systems.
CREATE TABLE system_sum (        -- of its published systems: coverage.h
	department TEXT PRIMARY KEY,
	systems    INTEGER NOT NULL,
	in_use     INTEGER NOT NULL, -- of these, not retired
	suspended  INTEGER NOT NULL,
	records    INTEGER NOT NULL, -- whose fields could be counted
	required   INTEGER NOT NULL,
	filled     INTEGER NOT NULL,
	withheld   INTEGER NOT NULL,
	duties     INTEGER NOT NULL,
	duties_met INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE system_review_day ( -- the days by which their reviews are due, as in system_review
	department TEXT NOT NULL,
	day        TEXT NOT NULL,
	n          INTEGER NOT NULL, -- systems
	PRIMARY KEY (department, day)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER system_adds_up AFTER UPDATE OF department, state, version, required, filled, withheld, duties, duties_met ON system
WHEN max(OLD.version, NEW.version) > 0 AND (OLD.version > 0, OLD.department, OLD.state, OLD.required, OLD.filled, OLD.withheld, OLD.duties, OLD.duties_met)
	IS NOT (NEW.version > 0, NEW.department, NEW.state, NEW.required, NEW.filled, NEW.withheld, NEW.duties, NEW.duties_met)
BEGIN
	UPDATE system_sum SET systems = systems - 1, in_use = in_use - (OLD.state <> 'retired'),
		suspended = suspended - (OLD.state = 'suspended'),
		records = records - (OLD.required IS NOT NULL), required = required - coalesce(OLD.required, 0),
		filled = filled - coalesce(OLD.filled, 0), withheld = withheld - coalesce(OLD.withheld, 0),
		duties = duties - OLD.duties, duties_met = duties_met - OLD.duties_met
		WHERE OLD.version > 0 AND department = OLD.department;
	INSERT INTO system_sum SELECT NEW.department, 1, NEW.state <> 'retired', NEW.state = 'suspended', NEW.required IS NOT NULL,
		coalesce(NEW.required, 0), coalesce(NEW.filled, 0), coalesce(NEW.withheld, 0), NEW.duties, NEW.duties_met
		WHERE NEW.version > 0
		ON CONFLICT DO UPDATE SET systems = systems + 1, in_use = in_use + excluded.in_use,
		suspended = suspended + excluded.suspended, records = records + excluded.records,
		required = required + excluded.required, filled = filled + excluded.filled, withheld = withheld + excluded.withheld,
		duties = duties + excluded.duties, duties_met = duties_met + excluded.duties_met;
END;

CREATE TRIGGER system_dates AFTER UPDATE OF department, state, version, revision_date, review_by ON system
WHEN max(OLD.version, NEW.version) > 0 AND (OLD.version > 0, OLD.department, OLD.state = 'retired', OLD.revision_date, OLD.review_by)
	IS NOT (NEW.version > 0, NEW.department, NEW.state = 'retired', NEW.revision_date, NEW.review_by)
BEGIN
	UPDATE system_review_day SET n = n - 1 WHERE OLD.version > 0 AND department = OLD.department
		AND day = iif(OLD.state = 'retired', NULL, coalesce(min(OLD.revision_date, OLD.review_by), OLD.revision_date, OLD.review_by));
	DELETE FROM system_review_day WHERE n = 0 AND department = OLD.department
		AND day = iif(OLD.state = 'retired', NULL, coalesce(min(OLD.revision_date, OLD.review_by), OLD.revision_date, OLD.review_by));
	INSERT INTO system_review_day SELECT NEW.department, day, 1
		FROM (SELECT iif(NEW.state = 'retired', NULL, coalesce(min(NEW.revision_date, NEW.review_by), NEW.revision_date, NEW.review_by)) AS day)
		WHERE NEW.version > 0 AND day IS NOT NULL
		ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER system_moves AFTER UPDATE OF department ON system WHEN OLD.department <> NEW.department
BEGIN
	UPDATE due SET department = NEW.department WHERE system = NEW.slug;
	UPDATE milestone SET department = NEW.department WHERE system = NEW.slug;
	UPDATE answer SET department = NEW.department WHERE feedback IN (SELECT id FROM feedback WHERE system = NEW.slug);
	UPDATE feedback SET department = NEW.department WHERE system = NEW.slug;
END;
