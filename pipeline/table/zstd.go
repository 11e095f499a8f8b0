package table

import "github.com/apache/arrow/go/v17/parquet/compress"

// pooled is the library's own zstd, except that pages share one encoder: the
// library makes a new one, megabytes of tables, for every page it compresses,
// which took most of the time of writing a part. The bytes are the same. The
// registry may be written while a program starts, and not later.
type pooled struct{ compress.Codec }

func init() {
	codec, err := compress.GetCodec(compress.Codecs.Zstd)
	if err == nil {
		compress.RegisterCodec(compress.Codecs.Zstd, pooled{codec})
	}
}

func (p pooled) EncodeLevel(dst, src []byte, level int) []byte {
	if level == compress.DefaultCompressionLevel {
		return p.Encode(dst, src)
	}
	return p.Codec.EncodeLevel(dst, src, level)
}
