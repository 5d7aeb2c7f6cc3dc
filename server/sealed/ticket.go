package sealed

import (
	"strconv"
	"strings"
	"time"

	"wellwave/surveys"
)

// ticketLife is how long a link that was opened stays open on a device.
const ticketLife = 24 * time.Hour

// Ticket says whose questionnaire a browser is at.
type Ticket struct {
	Audience  surveys.Audience
	Study     surveys.StudyID
	Wave      surveys.WaveID
	Enrolment surveys.EnrolmentID // patients
	Card      string              // staff: the hash of the card's code
	Site      surveys.SiteID      // staff
	Sitting   string              // made when the link was opened; answers of other sittings are not shown here
	Issued    time.Time
	Circumstances
}

// Life is how long the session stays open; a tablet's does not until the next day.
func (sess Ticket) Life() time.Duration {
	if sess.Lent() {
		return surveys.HandOverLife
	}
	return ticketLife
}

// encode writes the session as lines; none of its parts can hold a line break.
func (sess Ticket) encode() string {
	return strings.Join(append([]string{strconv.Itoa(int(sess.Audience)), string(sess.Study), string(sess.Wave),
		string(sess.Enrolment), sess.Card, string(sess.Site), sess.Sitting,
		strconv.FormatInt(sess.Issued.Unix(), 10)}, sess.Circumstances.lines()...), "\n")
}

func decodeTicket(text string) (Ticket, bool) {
	lines := strings.Split(text, "\n")
	if len(lines) < 8 {
		return Ticket{}, false
	}
	in, ok := readCircumstances(lines[8:])
	if !ok {
		return Ticket{}, false
	}
	audience, err := strconv.Atoi(lines[0])
	if err != nil {
		return Ticket{}, false
	}
	issued, err := strconv.ParseInt(lines[7], 10, 64)
	if err != nil {
		return Ticket{}, false
	}
	return Ticket{Audience: surveys.Audience(audience), Study: surveys.StudyID(lines[1]), Wave: surveys.WaveID(lines[2]),
		Enrolment: surveys.EnrolmentID(lines[3]), Card: lines[4], Site: surveys.SiteID(lines[5]), Sitting: lines[6],
		Issued: time.Unix(issued, 0), Circumstances: in}, true
}

// SameResponse reports whether two sessions are at the same response.
func (sess Ticket) SameResponse(other Ticket) bool {
	return sess.Study == other.Study && sess.Wave == other.Wave && sess.Enrolment == other.Enrolment && sess.Card == other.Card
}
