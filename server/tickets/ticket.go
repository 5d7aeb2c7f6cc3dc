package tickets

import (
	"strconv"
	"strings"
	"time"

	"wellwave/surveys"
)

// ticketLife is how long a link that was opened stays open on a device.
const ticketLife = surveys.TicketLife

// Ticket says whose questionnaire a browser is at. It stands in a sealed cookie and nowhere else, so that no server has to
// remember it.
type Ticket struct {
	Audience  surveys.Audience
	Study     surveys.StudyID
	Wave      surveys.WaveID
	Enrolment surveys.EnrolmentID // patients
	// Invitation is the link or code by which patients opened it, and empty on a tablet.
	Invitation surveys.InvitationID
	Card       string         // staff: the hash of the card's code
	Site       surveys.SiteID // staff
	Sitting    string         // made when the link was opened; answers of other sittings are not shown here
	Issued     time.Time
	Assistance
}

// Basis is what the ticket rests on. That of staff is their card, which is asked for when it is spent.
func (t Ticket) Basis() surveys.Basis {
	if t.Lent() {
		return surveys.Basis{Kind: surveys.OnHandOver, ID: string(t.Kiosk), Epoch: string(t.HandOver), Sitting: t.Sitting}
	}
	return surveys.Basis{Kind: surveys.OnInvitation, ID: string(t.Invitation), Sitting: t.Sitting}
}

// Life is how long the ticket is good for. On a kiosk that is not until the next day.
func (t Ticket) Life() time.Duration {
	if t.Lent() {
		return surveys.HandOverLife
	}
	return ticketLife
}

// encode writes the ticket as lines; none of its parts can hold a line break.
func (t Ticket) encode() string {
	return strings.Join(append([]string{strconv.Itoa(int(t.Audience)), string(t.Study), string(t.Wave),
		string(t.Enrolment), t.Card, string(t.Site), t.Sitting,
		strconv.FormatInt(t.Issued.Unix(), 10), string(t.Invitation)}, t.Assistance.lines()...), "\n")
}

func decodeTicket(text string) (Ticket, bool) {
	lines := strings.Split(text, "\n")
	if len(lines) != 9+assistanceLines {
		return Ticket{}, false // also those of older servers, which do not say what they rest on
	}
	audience, err := strconv.Atoi(lines[0])
	if err != nil {
		return Ticket{}, false
	}
	issued, err := strconv.ParseInt(lines[7], 10, 64)
	if err != nil {
		return Ticket{}, false
	}
	in := readAssistance(lines[9:])
	return Ticket{Audience: surveys.Audience(audience), Study: surveys.StudyID(lines[1]), Wave: surveys.WaveID(lines[2]),
		Enrolment: surveys.EnrolmentID(lines[3]), Invitation: surveys.InvitationID(lines[8]), Card: lines[4], Site: surveys.SiteID(lines[5]), Sitting: lines[6],
		Issued: time.Unix(issued, 0), Assistance: in}, true
}

// SameResponse reports whether two tickets are for the same response.
func (t Ticket) SameResponse(other Ticket) bool {
	return t.Study == other.Study && t.Wave == other.Wave && t.Enrolment == other.Enrolment && t.Card == other.Card
}
