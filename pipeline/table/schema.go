package table

import "strings"

// Type is what a column holds.
type Type string

const (
	Text    Type = "string"  // UTF-8
	Integer Type = "integer" // 32 or 64 bits, signed
	Boolean Type = "boolean"
	List    Type = "list" // of structs with the fields Column.Fields
)

// Column describes a column, or a field of a list's elements.
type Column struct {
	Name     string
	Type     Type
	Bits     int // of an Integer: 32 or 64
	Nullable bool
	// Meaning is one sentence for a researcher.
	Meaning string
	// Unit is what numbers count, "" for none.
	Unit string
	// Range says in words which values occur, "" for any. Min and Enum say
	// the same to a validator: the least number, the only values.
	Range string
	Min   *int64
	Enum  []string
	// Fields are those of a List's elements.
	Fields []Column
}

// Table describes a table.
type Table struct {
	Name string
	// Rows says what a row is.
	Rows    string
	Columns []Column
	// Key are the columns that together name a row.
	Key []string
	// Refers are the columns by which a row points into another table, whose
	// columns have the same names.
	Refers []Reference
}

// Reference is a foreign key.
type Reference struct {
	Table   string
	Columns []string
}

// Tables describes all tables, in the order a reader meets them. The result is
// the caller's own.
func Tables() []Table {
	return []Table{sessions().Table, participants().Table, utterances().Table, messages().Table, audios().Table}
}

// Names are the names of all tables, in the order of Tables.
func Names() []string {
	var names []string
	for _, t := range Tables() {
		names = append(names, t.Name)
	}
	return names
}

const (
	aboutSession     = "Random code of the session, the same in every table of this study's bundles."
	aboutParticipant = "Random code of the person, the same in all sessions of this study and in no other study."
	aboutLabel       = "How redacted text names the person within this session."
	labelForm        = "TUTOR_n or LEARNER_n"
	speakerForm      = "TUTOR_n or LEARNER_n; several joined by + when people shared a device; UNKNOWN when the label matched nobody"
	aboutStart       = "When it begins, from the start of the session."
	aboutEnd         = "When it ends, from the start of the session."
)

func sessions() schema[Session] {
	return define("sessions", "a tutoring session", []string{"session_id"}, nil,
		text("session_id", aboutSession, func(r *Session) *string { return &r.SessionID }),
		text("context", "The program the session belongs to.", func(r *Session) *string { return &r.Context }).within("a context of the study"),
		text("started", "When the session began, as the study's date policy gives it (see README.md).", func(r *Session) *string { return &r.Started }).within("YYYY-MM-DD, or RFC 3339 where the policy is exact"),
		long("duration_ms", "How long the session lasted.", func(r *Session) *int64 { return &r.DurationMS }).in("milliseconds").from(0),
		integer("participants", "How many rows of participants belong to the session.", func(r *Session) *int32 { return &r.Participants }).in("rows").from(0),
		integer("utterances", "How many rows of utterances belong to the session.", func(r *Session) *int32 { return &r.Utterances }).in("rows").from(0),
		integer("messages", "How many rows of messages belong to the session.", func(r *Session) *int32 { return &r.Messages }).in("rows").from(0),
		boolean("has_audio", "Whether the session has a row in audio.", func(r *Session) *bool { return &r.HasAudio }),
	)
}

func participants() schema[Participant] {
	return define("participants", "a person in a session", []string{"session_id", "participant_id"}, []Reference{{"sessions", []string{"session_id"}}},
		text("session_id", aboutSession, func(r *Participant) *string { return &r.SessionID }),
		text("participant_id", aboutParticipant, func(r *Participant) *string { return &r.ParticipantID }),
		text("label", aboutLabel, func(r *Participant) *string { return &r.Label }).within(labelForm),
		text("role", "What the person is in the session.", func(r *Participant) *string { return &r.Role }).of("tutor", "learner"),
		long("talk_ms", "Sum of the lengths of the person's rows in utterances.", func(r *Participant) *int64 { return &r.TalkMS }).in("milliseconds").from(0),
		integer("utterances", "How many rows of utterances are the person's.", func(r *Participant) *int32 { return &r.Utterances }).in("rows").from(0),
		integer("messages", "How many rows of messages are the person's.", func(r *Participant) *int32 { return &r.Messages }).in("rows").from(0),
	)
}

func utterances() schema[Utterance] {
	return define("utterances", "a cue of the transcript", []string{"session_id", "index"}, []Reference{{"sessions", []string{"session_id"}}},
		text("session_id", aboutSession, func(r *Utterance) *string { return &r.SessionID }),
		integer("index", "Number of the row within the session, in the order of the transcript.", func(r *Utterance) *int32 { return &r.Index }).from(1),
		optionalText("participant_id", aboutParticipant+" Null when the speaker is not one person for certain.", func(r *Utterance) **string { return &r.ParticipantID }),
		text("label", aboutLabel, func(r *Utterance) *string { return &r.Label }).within(speakerForm),
		long("start_ms", aboutStart, func(r *Utterance) *int64 { return &r.StartMS }).in("milliseconds"),
		long("end_ms", aboutEnd, func(r *Utterance) *int64 { return &r.EndMS }).in("milliseconds"),
		prose("text", "What was said, redacted.", func(r *Utterance) *string { return &r.Text }),
		list("redactions", "The places of text where something was removed, in order.", func(r *Utterance) *[]Redaction { return &r.Redactions }, redactionFields()),
	)
}

func messages() schema[Message] {
	return define("messages", "a line of the chat", []string{"session_id", "index"}, []Reference{{"sessions", []string{"session_id"}}},
		text("session_id", aboutSession, func(r *Message) *string { return &r.SessionID }),
		integer("index", "Number of the row within the session, in the order of the chat.", func(r *Message) *int32 { return &r.Index }).from(1),
		optionalText("participant_id", aboutParticipant+" Null when the sender is not one person for certain.", func(r *Message) **string { return &r.ParticipantID }),
		text("label", aboutLabel, func(r *Message) *string { return &r.Label }).within(speakerForm),
		text("to", "Whom the message was addressed to.", func(r *Message) *string { return &r.To }).within("everyone, hosts_and_panelists, or the label of whom a direct message was for"),
		text("kind", "What the line is.", func(r *Message) *string { return &r.Kind }).of("message", "reply", "reaction", "reaction_removed"),
		optionalInteger("refers_to", "The index of the message that a reply or reaction is about. Null for others, and when that message was not found.", func(r *Message) **int32 { return &r.RefersTo }).from(1),
		long("sent_ms", "When it was sent, from the start of the session; negative before it.", func(r *Message) *int64 { return &r.SentMS }).in("milliseconds"),
		prose("text", "What was written, redacted. Empty for a reaction.", func(r *Message) *string { return &r.Text }),
		list("redactions", "The places of text where something was removed, in order.", func(r *Message) *[]Redaction { return &r.Redactions }, redactionFields()),
		optionalProse("quoted", "What a reply or reaction repeats of the message it is about, redacted; often cut off. Null for others.", func(r *Message) **string { return &r.Quoted }),
		list("quoted_redactions", "The places of quoted where something was removed, in order.", func(r *Message) *[]Redaction { return &r.QuotedRedactions }, redactionFields()),
		optionalText("emoji", "The emoji of a reaction. Null for others.", func(r *Message) **string { return &r.Emoji }),
	)
}

func redactionFields() []field[Redaction] {
	return []field[Redaction]{
		text("kind", "What was removed, such as PERSON, SCHOOL, EMAIL, PHONE.", func(r *Redaction) *string { return &r.Kind }),
		integer("start", "Where the replacement begins in the redacted text, counted from 0.", func(r *Redaction) *int32 { return &r.Start }).in("Unicode code points").from(0),
		integer("end", "Where the replacement ends, exclusive.", func(r *Redaction) *int32 { return &r.End }).in("Unicode code points").from(0),
		text("label", "What stands for it: a person's label in this session, or a kind, numbered where mentions of one thing are told apart; without brackets.", func(r *Redaction) *string { return &r.Label }),
	}
}

func audios() schema[Audio] {
	return define("audio", "a sound file", []string{"path"}, []Reference{{"sessions", []string{"session_id"}}},
		text("session_id", aboutSession, func(r *Audio) *string { return &r.SessionID }),
		text("path", "Where the file stands, from the folder of datapackage.json.", func(r *Audio) *string { return &r.Path }),
		text("codec", "How the sound is coded.", func(r *Audio) *string { return &r.Codec }),
		integer("sample_rate", "Samples a second.", func(r *Audio) *int32 { return &r.SampleRate }).in("hertz").from(1),
		integer("channels", "How many channels the sound has.", func(r *Audio) *int32 { return &r.Channels }).from(1),
		long("duration_ms", "How long the file plays.", func(r *Audio) *int64 { return &r.DurationMS }).in("milliseconds").from(0),
		list("muted", "The intervals that were replaced by silence, in order.", func(r *Audio) *[]Muted { return &r.Muted }, []field[Muted]{
			long("start_ms", "When the silence begins, from the start of the file.", func(r *Muted) *int64 { return &r.StartMS }).in("milliseconds").from(0),
			long("end_ms", "When the silence ends.", func(r *Muted) *int64 { return &r.EndMS }).in("milliseconds").from(0),
			text("reason", "Why it is silent.", func(r *Muted) *string { return &r.Reason }).within("speaker (may not be heard), name or identifier (was said)"),
		}),
		text("sha256", "SHA-256 of the file.", func(r *Audio) *string { return &r.SHA256 }).within("64 lower-case hex digits"),
	)
}

// Describe says everything about a column in one line, for file metadata.
func (c Column) Describe() string {
	parts := []string{strings.TrimSuffix(c.Meaning, ".")}
	if c.Unit != "" {
		parts = append(parts, "unit: "+c.Unit)
	}
	if c.Range != "" {
		parts = append(parts, "values: "+c.Range)
	}
	if c.Nullable {
		parts = append(parts, "may be null")
	}
	return strings.Join(parts, "; ")
}

// Flat are the columns with the fields of lists after them, named as in
// "redactions.kind".
func (t Table) Flat() []Column {
	var out []Column
	for _, c := range t.Columns {
		out = append(out, c)
		for _, f := range c.Fields {
			f.Name = c.Name + "." + f.Name
			out = append(out, f)
		}
	}
	return out
}
