// Package names finds people, schools, clubs, employers and towns that no
// roster knows: by cues ("my brother …", "Mr. …"), by a statistical tagger and
// by how a word is used through a session. Lookup is its lexicon.
package names
