package main

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/schoolhouse-world/veil/fixtures"
	"github.com/schoolhouse-world/veil/pipeline/study"

	"github.com/spf13/cobra"
)

//go:embed study.yaml
var studyTemplate string

func newInit(s *settings) *cobra.Command {
	var empty bool
	c := &cobra.Command{
		Use:     "init DIR",
		Short:   "make a study folder, with a sample source to try it on",
		Example: "  veil init mystudy && cd mystudy && veil plan",
		Args:    exactly(1, "the folder to make"),
		RunE: func(c *cobra.Command, args []string) error {
			dir := args[0]
			if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
				return usage("%s is not empty; name a folder that does not exist yet", dir)
			}
			if err := os.MkdirAll(dir, 0o700); err != nil {
				return fmt.Errorf("making the study folder: %w", err)
			}
			text := strings.Replace(studyTemplate, "STUDY", studyID(dir), 1)
			if _, err := study.Parse([]byte(text)); err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(dir, study.FileName), []byte(text), 0o600); err != nil {
				return fmt.Errorf("writing the study file: %w", err)
			}
			if err := os.WriteFile(filepath.Join(dir, "study.schema.json"), study.Schema, 0o600); err != nil {
				return fmt.Errorf("writing the schema: %w", err)
			}
			if !empty {
				if err := fixtures.Write(c.Context(), filepath.Join(dir, "source"), fixtures.Sample(time.Now())); err != nil {
					return errors.Join(errors.New("writing the sample source"), err)
				}
			}
			s.message("init", map[string]any{"dir": dir}, fmt.Sprintf("made %s\nnext: edit %s, then: cd %s && veil plan", dir, filepath.Join(dir, study.FileName), dir))
			return nil
		},
	}
	c.Flags().BoolVar(&empty, "empty", false, "without the sample source")
	return c
}

// studyID makes an id of a folder's name.
func studyID(dir string) string {
	abs, err := filepath.Abs(dir)
	if err != nil {
		abs = dir
	}
	id := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, filepath.Base(abs))
	id = strings.Trim(id, "-")
	if id == "" {
		id = "study"
	}
	return id[:min(len(id), 63)]
}
