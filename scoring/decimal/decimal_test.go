package decimal

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"os"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// cases are those of testdata/numbers.json, which the browser's functions are held to as well.
type cases struct {
	Writes []struct {
		Number float64
		Text   string
	}
	Reads []struct {
		Text    string
		Forms   []string
		Number  float64
		Refused string
	}
	Rounds []struct {
		Number   float64
		Decimals int
		Text     string
	}
}

func readCases(t testing.TB) cases {
	t.Helper()
	data, err := os.ReadFile("testdata/numbers.json")
	if err != nil {
		t.Fatal(err)
	}
	var all cases
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	if len(all.Writes) < 25 || len(all.Reads) < 90 || len(all.Rounds) < 20 {
		t.Fatalf("read %d, %d and %d cases, want at least 25, 90 and 20", len(all.Writes), len(all.Reads), len(all.Rounds))
	}
	return all
}

func formOf(names []string) (form Form) {
	for _, name := range names {
		form |= map[string]Form{"exponents": Exponents, "comma": Comma, "digits": Digits}[name]
	}
	return form
}

func TestFormat(t *testing.T) {
	for _, tt := range readCases(t).Writes {
		if got := Format(tt.Number); got != tt.Text {
			t.Errorf("Format(%g) = %s, want %s", tt.Number, got, tt.Text)
		}
	}
	if got := Format(math.Copysign(0, -1)); got != "0" {
		t.Errorf("Format(−0) = %s, want 0", got)
	}
}

func TestParse(t *testing.T) {
	refusals := map[string]error{"": nil, "number": ErrNotNumber, "long": ErrTooLong}
	for _, tt := range readCases(t).Reads {
		got, err := Parse(tt.Text, formOf(tt.Forms))
		if got != tt.Number || !errors.Is(err, refusals[tt.Refused]) || math.Signbit(got) && got == 0 {
			t.Errorf("Parse(%q, %v) = %v, %v, want %v, %v", tt.Text, tt.Forms, got, err, tt.Number, refusals[tt.Refused])
		}
		bytes, bytesErr := Parse([]byte(tt.Text), formOf(tt.Forms))
		if bytes != got || bytesErr != err {
			t.Errorf("Parse of the bytes %q = %v, %v, want %v, %v as of the text", tt.Text, bytes, bytesErr, got, err)
		}
	}
}

// A calculation takes the nearest number, of whatever size.
func TestParseNearest(t *testing.T) {
	for text, want := range map[string]float64{"0.33333333333333333333": 1.0 / 3, "9007199254740993": 1 << 53, "1e300": 1e300} {
		if got, err := Parse(text, Written|Nearest); got != want || err != nil {
			t.Errorf("Parse(%s, Written|Nearest) = %v, %v, want %v", text, got, err, want)
		}
	}
	if _, err := Parse("1e999", Written|Nearest); !errors.Is(err, ErrTooLong) {
		t.Errorf("Parse(1e999, Written|Nearest) = %v, want %v", err, ErrTooLong)
	}
}

func TestFixed(t *testing.T) {
	for _, tt := range readCases(t).Rounds {
		if got := Fixed(tt.Number, tt.Decimals); got != tt.Text {
			t.Errorf("Fixed(%v, %d) = %s, want %s", tt.Number, tt.Decimals, got, tt.Text)
		}
	}
}

// Of a whole number of thousandths Fixed is what is learnt at school.
func TestFixedRoundsThousandths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(-1e12, 1e12).Draw(t, "thousandths")
		tenths := (max(n, -n) + 5) / 10
		want := strconv.FormatInt(tenths/100, 10) + "." + strconv.FormatInt(100+tenths%100, 10)[1:]
		if n < 0 && tenths > 0 {
			want = "-" + want
		}
		if got := Fixed(float64(n)/1000, 2); got != want {
			t.Errorf("Fixed(%d/1000, 2) = %s, want %s", n, got, want)
		}
	})
}

func TestRound(t *testing.T) {
	tests := []struct {
		give     *big.Rat
		decimals []int
		want     float64
	}{
		{big.NewRat(41, 40), []int{2}, 1.03},
		{big.NewRat(-41, 40), []int{2}, -1.03},
		{Rat(1.005), []int{2}, 1.01},
		{Rat(1.0049999), []int{2}, 1},
		{big.NewRat(1, 3), []int{2}, 0.33},
		{big.NewRat(2, 3), []int{0}, 1},
		{big.NewRat(1, 2), []int{0}, 1},
		{big.NewRat(-1, 2), []int{0}, -1},
		{big.NewRat(-1, 3), []int{0}, 0},
		{Rat(0.44445), []int{4, 3}, 0.445}, // 0.4445, then 0.445
		{Rat(1e15), []int{9}, 1e15},
	}
	for _, tt := range tests {
		if got := Round(tt.give, tt.decimals); got != tt.want || got == 0 && math.Signbit(got) {
			t.Errorf("Round(%v, %v) = %v, want %v", tt.give, tt.decimals, got, tt.want)
		}
	}
	if Rat(math.NaN()) != nil || Rat(math.Inf(1)) != nil {
		t.Error("Rat made a number of what is none")
	}
}

// What is written is read back as the same number.
func FuzzFormat(f *testing.F) {
	for _, tt := range readCases(f).Writes {
		f.Add(math.Float64bits(tt.Number))
	}
	f.Fuzz(func(t *testing.T, bits uint64) {
		v := math.Float64frombits(bits)
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return
		}
		text := Format(v)
		if strings.ContainsAny(text, "eE+") {
			t.Errorf("Format(%g) = %s, want plain decimal form", v, text)
		}
		got, err := Parse(text, Typed)
		if math.Abs(v) > largest {
			if !errors.Is(err, ErrTooLong) {
				t.Errorf("Parse(%s) = %v, %v, want %v", text, got, err, ErrTooLong)
			}
			return
		}
		if got != v || err != nil {
			t.Errorf("Parse(Format(%g)) = %g, %v", v, got, err)
		}
		if got, err := Parse(strconv.FormatFloat(v, 'e', 16, 64), Written); got != v || err != nil {
			t.Errorf("Parse of the seventeen digits of %g = %g, %v", v, got, err)
		}
	})
}

// What is read is the number that was written: writing it again loses none of it.
func FuzzParse(f *testing.F) {
	for _, tt := range readCases(f).Reads {
		f.Add(tt.Text, uint8(formOf(tt.Forms)))
	}
	f.Fuzz(func(t *testing.T, text string, form uint8) {
		given := Form(form) & (Exponents | Comma | Digits)
		v, err := Parse(text, given)
		if err != nil {
			if v != 0 {
				t.Errorf("Parse(%q) = %v with the error %v, want 0", text, v, err)
			}
			return
		}
		if again, err := Parse(Format(v), Typed); again != v || err != nil {
			t.Errorf("Parse(%q) = %v, but what that is written as reads %v, %v", text, v, again, err)
		}
		if given != 0 {
			return
		}
		want, ok := new(big.Rat).SetString(strings.TrimSuffix(text, "."))
		if !ok {
			want, ok = new(big.Rat).SetString(strings.Replace(text, ".", "0.", 1)) // .5
		}
		if !ok || want.Cmp(Rat(v)) != 0 {
			t.Errorf("Parse(%q) = %v, want %v", text, v, want)
		}
	})
}

// BenchmarkParse reads what files are full of: digits, and a measurement.
func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		for _, text := range [...]string{"3", "72.5", "1000000"} {
			if _, err := Parse(text, Written); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkFixed rounds a share for a table.
func BenchmarkFixed(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = Fixed(61.34969325153374, 1)
	}
}
