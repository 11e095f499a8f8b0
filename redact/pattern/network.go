package pattern

import (
	"net/netip"
	"strings"

	"github.com/schoolhouse-world/veil/redact/finding"
)

// network finds IP and MAC addresses.
type network struct{}

func (network) Name() string { return "pattern/network" }

func (n network) find(lines []view) []finding.Candidate {
	var found []finding.Candidate
	for i := range lines {
		v := &lines[i]
		s := v.text
		if v.has&inColons == 0 && (v.has&inGlued == 0 || strings.Count(s, ".") < 2) && (v.has&inHyphens == 0 || strings.Count(s, "-") < 5) {
			continue
		}
		for at := 0; at < len(s); {
			if !addressByte(s[at]) {
				at++
				continue
			}
			end := at
			for end < len(s) && addressByte(s[end]) {
				end++
			}
			found = n.judge(v, at, end, found)
			at = end
		}
	}
	return found
}

func addressByte(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'f' || b >= 'A' && b <= 'F' || b == ':' || b == '.' || b == '-'
}

func (n network) judge(v *view, start, end int, found []finding.Candidate) []finding.Candidate {
	s := v.text
	glued := start > 0 && alnumByte(s[start-1])
	tail := end < len(s) && alnumByte(s[end])
	if start > 0 && s[start-1] >= 0x80 || end < len(s) && s[end] >= 0x80 {
		glued = glued || !bounded(s, start, end)
	}
	from, to := start, end
	for to > from && (s[to-1] == '.' || s[to-1] == '-' || s[to-1] == ':' && !strings.HasSuffix(s[from:to], "::")) {
		to--
	}
	if hasScope := to < len(s) && s[to] == '%'; hasScope || !tail {
		if !glued && mac(s[from:to]) {
			return append(found, v.bytes(from, to, finding.MAC, 0.95, "network/mac", "six pairs of hexadecimal digits"))
		}
		for f := from; !glued && f < to; {
			word := s[f:to]
			if a, ok := six(word); ok {
				e := to
				if hasScope {
					for e++; e < len(s) && alnumByte(s[e]); e++ {
					}
				}
				e = prefixLength(s, e, 128)
				score := 0.95
				switch {
				case word == "::" && e == to && !networking(v):
					score = 0.3 // an ornament as often as an address
				case a.IsUnspecified() || a.IsLoopback():
					score = 0.6
				}
				return append(found, v.bytes(f, e, finding.IP, score, "network/v6", "an IPv6 address"))
			}
			if s[f] != ':' && s[f] != '-' && s[f] != '.' || strings.HasPrefix(s[f:to], "::") {
				break
			}
			f++
		}
	}
	// An IPv4 address, perhaps behind something that is not part of it.
	for f := from; f < to; {
		if !digit(s[f]) {
			f++
			continue
		}
		e, dots := f, 0
		for e < to && (digit(s[e]) || s[e] == '.' && dots < 3 && e+1 < to && digit(s[e+1])) {
			if s[e] == '.' {
				dots++
			}
			e++
		}
		word := s[f:e]
		before := f == 0 || !alnumByte(s[f-1]) && s[f-1] != '.' && s[f-1] != '-'
		after := e >= len(s) || !alnumByte(s[e])
		if dots == 3 && before && after && quad(word) && (f == start || s[f-1] == ':') && !versionBefore(s, f) {
			score := 0.9
			if len(word) == 7 && word != "0.0.0.0" {
				score = 0.4 // 1.2.3.4 may be a heading
			}
			e = prefixLength(s, e, 32)
			found = append(found, v.bytes(f, e, finding.IP, score, "network/v4", "four numbers up to 255 between dots"))
		}
		f = max(e, f+1)
	}
	return found
}

// networking reports whether the line speaks of network addresses.
func networking(v *view) bool {
	for i := range v.tok {
		switch v.tok[i].Norm {
		case "ip", "ipv", "ipv6", "address", "src", "dst", "host", "server", "route", "subnet", "unspecified", "loopback":
			return true
		}
	}
	return false
}

// versionBefore reports whether "version" or "v" stands before a dotted number.
func versionBefore(s string, i int) bool {
	t := strings.TrimRight(strings.ToLower(s[max(0, i-10):i]), " ")
	return strings.HasSuffix(t, "version") || strings.HasSuffix(t, "section") || strings.HasSuffix(t, "chapter")
}

// prefixLength takes "/24" with the address when the address ends at e.
func prefixLength(s string, e, most int) int {
	if e+1 >= len(s) || s[e] != '/' || !digit(s[e+1]) {
		return e
	}
	n, i := 0, e+1
	for i < len(s) && digit(s[i]) && i-e < 5 {
		n = n*10 + int(s[i]-'0')
		i++
	}
	if n > most {
		return e
	}
	return i
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

func alnumByte(b byte) bool {
	return digit(b) || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_' || b >= 0x80
}

func quad(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is4()
}

// six parses an IPv6 address (RFC 4291), which here must have "::" or eight
// groups, and is told from a time by it.
func six(s string) (netip.Addr, bool) {
	if strings.Count(s, ":") < 2 {
		return netip.Addr{}, false
	}
	a, err := netip.ParseAddr(s)
	if err != nil && strings.Contains(s, ".") && strings.HasPrefix(strings.ToLower(s), "::ffff:0") {
		k := strings.LastIndexByte(s, ':')
		if quad(s[k+1:]) {
			return netip.AddrFrom16([16]byte{15: 1, 0: 1}), true
		}
	}
	if err != nil || !a.Is6() {
		return netip.Addr{}, false
	}
	if s == "::" {
		return a, true
	}
	return a, true
}

// mac reports whether s is an EUI-48 in one of its three forms (IEEE 802),
// neither broadcast nor null.
func mac(s string) bool {
	var sep byte
	switch {
	case len(s) == 17:
		sep = s[2]
		if sep != ':' && sep != '-' {
			return false
		}
		for i := 2; i < 17; i += 3 {
			if s[i] != sep {
				return false
			}
		}
	case len(s) == 14 && s[4] == '.' && s[9] == '.':
		sep = '.'
	default:
		return false
	}
	hex := strings.ToLower(strings.ReplaceAll(s, string(sep), ""))
	if len(hex) != 12 || strings.Trim(hex, "0123456789abcdef") != "" {
		return false
	}
	return strings.Trim(hex, "f") != "" && strings.Trim(hex, "0") != ""
}
