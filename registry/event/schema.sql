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

CREATE TABLE settings (        -- what the register says of itself, from an entry until the next
	entry INTEGER PRIMARY KEY, -- register.opened, then each register.changed
	at    TEXT NOT NULL,
	about TEXT NOT NULL        -- JSON: settings.h has its members
) STRICT;

CREATE TABLE decision_rules (  -- how the city decides: rules.h
	entry    INTEGER PRIMARY KEY,
	at       TEXT NOT NULL,
	from_day TEXT NOT NULL,    -- in the register's time zone
	about    TEXT NOT NULL     -- JSON: two_approvals, consultation, reason
) STRICT;

CREATE TABLE restored (        -- from backups
	entry  INTEGER PRIMARY KEY,
	at     TEXT NOT NULL,
	backup INTEGER NOT NULL,   -- entries that it had
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
	vkey  TEXT NOT NULL,       -- that was added or retired
	size  INTEGER NOT NULL,    -- of the tree that the statement is a checkpoint of
	root  TEXT NOT NULL,       -- of that tree, hexadecimal
	at    TEXT NOT NULL,
	sha256 TEXT NOT NULL       -- content: {"statement": a key statement}
) STRICT;

CREATE TABLE policy (
	id      TEXT NOT NULL,
	version INTEGER NOT NULL,  -- from 1: the how-manieth adoption
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

CREATE TABLE person (            -- who files and decides; names are in no log
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
	entry  INTEGER NOT NULL      -- that granted it
) STRICT;
CREATE INDEX person_key_person ON person_key (person);
CREATE UNIQUE INDEX person_key_entry ON person_key (entry);

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
	filing     INTEGER,          -- entry of the filing that waits for the office, if any
	returned   INTEGER,          -- entry of the latest filing, where the office returned it and nothing was filed since
	successor  TEXT,             -- of a retired one
	reason     TEXT,             -- SHA-256 (hex) of the content that says why suspended or retired
	imported   TEXT,             -- of an imported one: 'profile hash', of what the other register knows it by
	source     TEXT,             -- that itself, 'profile key'; NULL once erased
	source_stays INTEGER NOT NULL, -- 1: an old entry says it, so no erasure takes it
	first_at   TEXT NOT NULL,
	changed_at TEXT NOT NULL,    -- when its record or its state, as the public sees them, last changed
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
	level      TEXT,             -- derived; NULL where no policy gave one
	duties     INTEGER NOT NULL DEFAULT 0,
	duties_met INTEGER NOT NULL DEFAULT 0,
	duty_due   TEXT,             -- the first day by which an unmet duty is due
	attention  INTEGER,          -- entry of a judgement that changed what was published
	review_by  TEXT,             -- the day until which the policies leave a version unreviewed
	revision_date TEXT           -- the day that the newest record itself names
) STRICT;
CREATE INDEX system_department ON system (department, slug, version);
CREATE INDEX system_published ON system (slug, changed_at) WHERE version > 0; -- the sitemap
CREATE INDEX system_changed ON system (changed_at DESC, slug);
CREATE INDEX system_contact ON system (contact, department) WHERE contact IS NOT NULL;
CREATE INDEX system_successor ON system (successor) WHERE successor IS NOT NULL;
-- Work lists read these: of all departments, and of one.
CREATE INDEX system_attention ON system (attention) WHERE attention IS NOT NULL;
CREATE INDEX system_attention_of ON system (department, attention) WHERE attention IS NOT NULL;
CREATE INDEX system_filing ON system (filing) WHERE filing IS NOT NULL;
CREATE INDEX system_filing_of ON system (department, filing) WHERE filing IS NOT NULL;
CREATE INDEX system_returned ON system (returned) WHERE returned IS NOT NULL;
CREATE INDEX system_returned_of ON system (department, returned) WHERE returned IS NOT NULL;
-- The review's due day, as QUERY_REVIEW_DUE (query_parts.h) has it.
CREATE INDEX system_review ON system (iif(state = 'retired', NULL,
	coalesce(min(revision_date, review_by), revision_date, review_by)), slug) WHERE version > 0;
CREATE INDEX system_review_of ON system (department, iif(state = 'retired', NULL,
	coalesce(min(revision_date, review_by), revision_date, review_by)), slug) WHERE version > 0;
CREATE INDEX system_judged_by ON system (judged_by, slug, version, state) WHERE version > 0 AND state <> 'retired';
CREATE UNIQUE INDEX system_imported ON system (imported) WHERE imported IS NOT NULL;

CREATE TABLE filing (
	entry      INTEGER PRIMARY KEY,
	system     TEXT NOT NULL,
	department TEXT NOT NULL,
	signer     TEXT,             -- vkey; NULL for an import
	person     TEXT,             -- whose key that is; NULL where it is the department's
	sha256     TEXT NOT NULL,    -- content: {"record": …, "salt": …}, of an import "source", too
	at         TEXT NOT NULL,
	outcome    TEXT NOT NULL,    -- 'waiting', 'published', 'returned', 'replaced'
	outcome_entry INTEGER,
	outcome_at TEXT,
	decided_by TEXT,             -- the person of the office who signed that; NULL: the operator on the machine, or nobody
	reason     TEXT              -- of a return: SHA-256 (hex) of the content
) STRICT;
CREATE INDEX filing_system ON filing (system, entry);
CREATE INDEX filing_sha256 ON filing (sha256);
CREATE INDEX filing_department ON filing (department, entry);

CREATE TABLE consultation (      -- of the public, about a system
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

CREATE TABLE approval (          -- by one of the two who must approve
	filing INTEGER NOT NULL,
	person TEXT NOT NULL,
	role   TEXT NOT NULL,        -- of that person then
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
	review_by TEXT,              -- the day that the office set, sooner than any other; NULL: none
	PRIMARY KEY (system, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE judgement (         -- what policies said of a version, each time that they were asked
	entry   INTEGER PRIMARY KEY, -- of the publication, or of system.judged
	system  TEXT NOT NULL,
	version INTEGER NOT NULL,
	at      TEXT NOT NULL,
	sha256  TEXT NOT NULL,       -- content: registry/policy/judgement.h
	level   TEXT,
	changes TEXT                 -- JSON, against the publication's; NULL for none
) STRICT;
CREATE INDEX judgement_system ON judgement (system, entry);

CREATE TABLE due (               -- duties with a day, of each system's newest judgement; none of a retired one
	system TEXT NOT NULL,
	policy TEXT NOT NULL,
	duty   TEXT NOT NULL,
	due    TEXT NOT NULL,        -- the last day to do it, in the register's time zone
	met    INTEGER NOT NULL,
	about  TEXT NOT NULL,        -- JSON: {"text", "basis"} of the duty
	PRIMARY KEY (system, policy, duty)
) STRICT, WITHOUT ROWID;
CREATE INDEX due_unmet ON due (met, due, system) WHERE met = 0;
CREATE INDEX due_unmet_of ON due (system, met, due) WHERE met = 0;

CREATE TABLE duty_event (        -- duties that an event of the office fulfils, of each system's newest judgement
	system TEXT NOT NULL,
	policy TEXT NOT NULL,
	duty   TEXT NOT NULL,
	list   TEXT NOT NULL,        -- list.submitted of this list does
	met    INTEGER NOT NULL,     -- 1: the record shows it by itself
	entry  INTEGER,              -- the last that did; NULL: none since the duty is owed
	owed   INTEGER NOT NULL,     -- 0 only within a fold
	PRIMARY KEY (system, policy, duty)
) STRICT, WITHOUT ROWID;
CREATE INDEX duty_event_list ON duty_event (list, system);

CREATE TABLE milestone (         -- everything public that happened to a system, for histories
	entry  INTEGER PRIMARY KEY,
	system TEXT NOT NULL,
	type   TEXT NOT NULL,        -- 'system.published', 'system.suspended', …
	at     TEXT NOT NULL,
	version INTEGER,             -- of a publication
	state  TEXT NOT NULL,        -- of the system from here on
	successor TEXT,
	reason TEXT,                 -- SHA-256 (hex) of the content that says why
	by     TEXT NOT NULL,        -- 'office', 'register', of figures the department
	person TEXT,                 -- of the office, who signed it; NULL: the operator on the machine
	role   TEXT                  -- of that person then
) STRICT;
CREATE INDEX milestone_system ON milestone (system, entry);

CREATE TABLE kpi_report (        -- figures that departments reported of their systems
	entry      INTEGER PRIMARY KEY,
	system     TEXT NOT NULL,
	department TEXT NOT NULL,
	person     TEXT,             -- whose key signed; NULL where it is the department's
	at         TEXT NOT NULL,
	sha256     TEXT NOT NULL     -- content: {"figures": figure.h, "salt"}
) STRICT;
CREATE INDEX kpi_report_system ON kpi_report (system, entry);

CREATE TABLE incident (          -- what went wrong, as departments reported it
	entry      INTEGER PRIMARY KEY,
	system     TEXT NOT NULL,
	department TEXT NOT NULL,
	person     TEXT,             -- whose key signed; NULL where it is the department's
	at         TEXT NOT NULL,
	since      TEXT NOT NULL,    -- the day on which it began
	aware      TEXT NOT NULL,    -- the day on which the city knew of it
	severity   TEXT NOT NULL,    -- incident.h
	public_on  TEXT,             -- the day until which what happened is held back; NULL: it is not
	ground     TEXT,             -- why
	sha256     TEXT NOT NULL,    -- content: {"what", "affected", "done"?: per language, "salt"}
	closed_entry INTEGER         -- NULL while it is open
) STRICT;
CREATE INDEX incident_system ON incident (system, entry);
CREATE INDEX incident_open ON incident (entry) WHERE closed_entry IS NULL;

CREATE TABLE incident_note (     -- what was said of it since
	entry    INTEGER PRIMARY KEY,
	incident INTEGER NOT NULL REFERENCES incident (entry),
	at       TEXT NOT NULL,
	severity TEXT,               -- from then on; NULL: as before
	told_on  TEXT,               -- the day on which the authority was told
	closes   INTEGER NOT NULL,
	sha256   TEXT NOT NULL       -- content: {"text": per language, "salt"}
) STRICT;
CREATE INDEX incident_note_incident ON incident_note (incident, entry);

CREATE TABLE held (              -- contents that a day opens, until an entry comes after it
	sha256    TEXT PRIMARY KEY,
	public_on TEXT NOT NULL
) STRICT;
CREATE INDEX held_public_on ON held (public_on);

CREATE TABLE attachment (        -- files that departments attached, to be named by their records
	sha256     TEXT NOT NULL,
	department TEXT NOT NULL,
	entry      INTEGER NOT NULL,
	at         TEXT NOT NULL,
	PRIMARY KEY (sha256, department)
) STRICT, WITHOUT ROWID;

CREATE TABLE version_file (      -- files that published records name, while these are there
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
	system   TEXT,               -- NULL: it is about none in particular
	consultation INTEGER,        -- entry of the one that it was written for; NULL: for none
	sha256   TEXT NOT NULL,      -- content: {"text", "lang", "name"?, "salt"}
	entry    INTEGER NOT NULL,
	at       TEXT NOT NULL,
	state    TEXT NOT NULL,      -- 'received', 'published', 'withheld', 'merged': unread by others
	decided_entry INTEGER,
	decided_at TEXT,
	code     TEXT,               -- of withholding: a reason of the published list; or NULL
	reason   TEXT,               -- and in own words: SHA-256 (hex); or NULL
	answered_at TEXT,            -- of the first answer
	merged_into TEXT,            -- the question that is answered for this one, too; or NULL
	masked   TEXT,               -- what is shown instead of its text: SHA-256 (hex); NULL: the text
	erased_entry INTEGER,        -- what erased the text that is shown; NULL while it is there
	withdrawn_entry INTEGER,     -- by who asked; NULL while it stands
	swept_entry INTEGER          -- as part of a flood; NULL for the rest
) STRICT;
CREATE INDEX feedback_system ON feedback (system, entry);
CREATE INDEX feedback_state ON feedback (state, entry);
CREATE INDEX feedback_text ON feedback (sha256);
-- Questions that wait for an answer: of all systems, and of one.
CREATE INDEX feedback_open ON feedback (entry) WHERE state IN ('received', 'published')
	AND answered_at IS NULL AND merged_into IS NULL AND erased_entry IS NULL;
CREATE INDEX feedback_open_of ON feedback (system, entry) WHERE state IN ('received', 'published')
	AND answered_at IS NULL AND merged_into IS NULL AND erased_entry IS NULL;
CREATE INDEX feedback_masked ON feedback (masked);
CREATE INDEX feedback_merged ON feedback (merged_into);

CREATE TABLE mask (              -- all that were ever shown with something masked
	entry    INTEGER PRIMARY KEY,
	feedback TEXT NOT NULL REFERENCES feedback (id),
	sha256   TEXT NOT NULL       -- content: mask.h
) STRICT;
CREATE INDEX mask_feedback ON mask (feedback, entry);

CREATE TABLE answer (
	entry    INTEGER PRIMARY KEY,
	feedback TEXT NOT NULL REFERENCES feedback (id),
	by       TEXT NOT NULL,      -- 'department/<slug>' or 'office'
	sha256   TEXT NOT NULL,      -- content: {"text": per language, "salt"}
	at       TEXT NOT NULL,
	personal INTEGER NOT NULL    -- 1 where the question was withheld: for who asked alone
) STRICT;
CREATE INDEX answer_feedback ON answer (feedback, entry);
CREATE INDEX answer_sha256 ON answer (sha256);

CREATE TABLE list_submitted (    -- lists of AI services that the office handed over
	entry    INTEGER PRIMARY KEY,
	list     TEXT NOT NULL,      -- the profile that it was exported with
	at       TEXT NOT NULL,
	day      TEXT NOT NULL,      -- on which it was handed over
	file     TEXT NOT NULL,      -- SHA-256 (hex) of the file, which is not kept
	services INTEGER NOT NULL,   -- that are on it
	sha256   TEXT NOT NULL       -- content: {"to": per language, "note"?, "salt"}
) STRICT;
CREATE INDEX list_submitted_list ON list_submitted (list, entry);

-- What the policy of Korea's Act 21392 says, and how often: services.h.
CREATE TABLE service (           -- each published system
	system     TEXT PRIMARY KEY,
	listed     INTEGER NOT NULL, -- 1: it is on the list of services now
	was_listed INTEGER NOT NULL, -- 1: some version of it was, by its own words
	retired    INTEGER NOT NULL, -- 1: that, and it is retired
	ended      TEXT,             -- what its newest record says of its end
	responsibility TEXT,         -- JSON: who answers for decisions, of one on the list
	next_due   TEXT,             -- the first day of an unmet duty to assess it, or to have its exemption confirmed
	counted    TEXT NOT NULL     -- JSON: the rows of service_count that it counts in
) STRICT, WITHOUT ROWID;
CREATE INDEX service_retired ON service (system) WHERE retired = 1;
CREATE INDEX service_responsibility ON service (system) WHERE responsibility IS NOT NULL;
CREATE INDEX service_next ON service (next_due, system) WHERE next_due IS NOT NULL;

CREATE TABLE service_count (
	what TEXT PRIMARY KEY,       -- 'kind done', 'next 2027-08-31', …: services.c
	n    INTEGER NOT NULL        -- systems
) STRICT, WITHOUT ROWID;

CREATE TABLE service_duty (      -- as the newest judgement that has it words it
	duty  TEXT PRIMARY KEY,
	about TEXT NOT NULL          -- JSON: text, basis, from
) STRICT, WITHOUT ROWID;

CREATE TABLE service_past (      -- of each system since each entry that changed its record, judgement or state
	entry    INTEGER PRIMARY KEY,
	system   TEXT NOT NULL,
	version  INTEGER NOT NULL,
	state    TEXT NOT NULL,
	listed   INTEGER NOT NULL,
	level    TEXT,               -- what the policy derived; NULL where it was not asked
	standing TEXT,
	due      TEXT
) STRICT;
CREATE INDEX service_past_system ON service_past (system, entry);

CREATE TABLE content_state (
	sha256 TEXT PRIMARY KEY,
	type   TEXT NOT NULL,        -- media type
	size   INTEGER NOT NULL,
	public INTEGER NOT NULL,     -- 1 when /log/content/ may give it out
	erasable INTEGER NOT NULL,   -- 1 where it is salted, or a file, so that it can go
	erased_entry INTEGER         -- NULL while it is there
) STRICT;

-- What searches find. A table here holds the texts; the table behind it of SQLite's FTS5 is only an
-- index over them, which can be made again from them at any time (base/words.h has its tokens).
CREATE TABLE search_text (       -- of each system of which something is published
	id      INTEGER PRIMARY KEY, -- entry of its last change; less SEARCH_RETIRED once it is retired: the newest first
	system  TEXT NOT NULL UNIQUE,
	name    TEXT NOT NULL,       -- in all languages, as all texts here, a line each
	tags    TEXT NOT NULL,       -- and categories
	summary TEXT NOT NULL,
	rest    TEXT NOT NULL,       -- all other public texts
	not_for TEXT NOT NULL,       -- what the record says that the system is not used for
	facets  TEXT NOT NULL        -- a token each for its department, status and risk, to be narrowed by
) STRICT;
CREATE VIRTUAL TABLE search_head USING fts5 (name, tags, summary, facets,
	content = 'search_text', content_rowid = 'id', tokenize = 'words');
CREATE VIRTUAL TABLE search_body USING fts5 (name, tags, summary, rest, not_for, facets,
	content = 'search_text', content_rowid = 'id', tokenize = 'words');
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

-- Lists of systems by department, status and risk, '' standing for any: so a page of any of them is a
-- few rows that stand together, and how many there are is one.
CREATE TABLE system_listed (     -- each published system, in the eight lists that it is in
	department TEXT NOT NULL,
	status     TEXT NOT NULL,    -- as readers see it: suspended and retired win
	risk       TEXT NOT NULL,
	changed_at TEXT NOT NULL,
	system     TEXT NOT NULL,
	PRIMARY KEY (department, status, risk, changed_at DESC, system)
) STRICT, WITHOUT ROWID;

CREATE TABLE system_count (      -- how long each of these lists is
	department TEXT NOT NULL,
	status     TEXT NOT NULL,
	risk       TEXT NOT NULL,
	n          INTEGER NOT NULL,
	PRIMARY KEY (department, status, risk)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER system_lists AFTER UPDATE OF department, state, version, status, risk, changed_at ON system
WHEN (OLD.version > 0, OLD.department, OLD.state, OLD.status, OLD.risk, OLD.changed_at)
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
