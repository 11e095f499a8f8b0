package release

// Resign writes a history of a test's making as someone with the log's key
// could.
func (s Store) Resign(h History) error {
	secret, err := s.logKey(&h, nil)
	if err != nil {
		return err
	}
	if err := h.sign(secret, nil); err != nil {
		return err
	}
	return s.save(h)
}
