package source

import (
	"context"
	"iter"
)

// consentColumns are those of package consent.
var consentColumns = columns{"user_id", "effective_at", "action", "recorded_at?", "actor?", "study?", "context?", "modality?", "form_version?", "evidence?", "corrects?"}

// ConsentRows are the columns and rows of a consent table in Parquet, all values
// as text and moments as RFC 3339. Its columns are checked before any content
// is read.
func ConsentRows(ctx context.Context, path string) ([]string, iter.Seq2[[]string, error], error) {
	names, err := parquetColumns(path)
	if err != nil {
		return nil, nil, &ShapeError{"consent", err.Error()}
	}
	return names, func(yield func([]string, error) bool) {
		for r, err := range parquetRows(ctx, "consent", path, consentColumns) {
			if !yield(r.values, err) || err != nil {
				return
			}
		}
	}, nil
}
