package tickets

import (
	"crypto/cipher"
	"strings"

	"wellwave/surveys"
)

// Delivery is what a sealed delivery token says: to whose response of which wave a device may add answers. The token opens
// no page and reads nothing, so no time ends it: answers that wait on a device can still be delivered after the ticket
// has ended, after a restart, and for some time after a rotation of keys. It ends with the link that it came from.
type Delivery struct {
	Study      surveys.StudyID
	Wave       surveys.WaveID
	Enrolment  surveys.EnrolmentID
	Invitation surveys.InvitationID // as in a Ticket
	Language   string
	Assistance
}

// Delivery returns what a device with the ticket may deliver in a language.
func (t Ticket) Delivery(language string) Delivery {
	return Delivery{t.Study, t.Wave, t.Enrolment, t.Invitation, language, t.Assistance}
}

// Basis is what the token rests on. On a tablet that is not the handing-over, which is over when what waited there comes.
func (d Delivery) Basis() surveys.Basis {
	if d.Lent() {
		return surveys.Basis{Kind: surveys.OnTablet, ID: string(d.Kiosk)}
	}
	return surveys.Basis{Kind: surveys.OnInvitation, ID: string(d.Invitation)}
}

// Ticket returns as much of a ticket as names the response.
func (d Delivery) Ticket() Ticket {
	return Ticket{Audience: surveys.Patients, Study: d.Study, Wave: d.Wave, Enrolment: d.Enrolment, Assistance: d.Assistance}
}

// SealDelivery returns the token of a response.
func (s *Sealer) SealDelivery(d Delivery) string {
	key := s.keys[0]
	return key.seal(key.delivery, strings.Join(append([]string{string(d.Study), string(d.Wave), string(d.Enrolment), d.Language, string(d.Invitation)}, d.Assistance.lines()...), "\n"))
}

// OpenDelivery returns what a token says. ok is false for one that is forged, damaged or sealed with a key that is gone, and
// for one of older servers that does not say what it rests on: its owner is asked to open the link again.
func (s *Sealer) OpenDelivery(token string) (d Delivery, ok bool) {
	plain, ok := s.unseal(token, deliveryGrace, func(key sealKey) cipher.AEAD { return key.delivery })
	lines := strings.Split(plain, "\n")
	if !ok || len(lines) < 8 { // 8: on a tablet, before there were invitations in tokens
		return Delivery{}, false
	}
	d = Delivery{Study: surveys.StudyID(lines[0]), Wave: surveys.WaveID(lines[1]), Enrolment: surveys.EnrolmentID(lines[2]), Language: lines[3],
		Assistance: readAssistance(lines[len(lines)-assistanceLines:])}
	if len(lines) > 8 {
		d.Invitation = surveys.InvitationID(lines[4])
	}
	return d, true
}
