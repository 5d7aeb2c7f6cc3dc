package tickets

import (
	"crypto/cipher"
	"strings"

	"wellwave/surveys"
)

// Delivery is what a sealed delivery token says: to whose response of which wave a device may add answers. The token opens
// no page and reads nothing, so it does not expire: answers that wait on a device can still be delivered after the ticket
// has ended, after a restart, and for some time after a rotation of keys.
type Delivery struct {
	Study     surveys.StudyID
	Wave      surveys.WaveID
	Enrolment surveys.EnrolmentID
	Language  string
	Assistance
}

// Ticket returns as much of a ticket as names the response.
func (d Delivery) Ticket() Ticket {
	return Ticket{Study: d.Study, Wave: d.Wave, Enrolment: d.Enrolment}
}

// SealDelivery returns the token of a response.
func (s *Sealer) SealDelivery(d Delivery) string {
	key := s.keys[0]
	return key.seal(key.delivery, strings.Join(append([]string{string(d.Study), string(d.Wave), string(d.Enrolment), d.Language}, d.Assistance.lines()...), "\n"))
}

// OpenDelivery returns what a token says. ok is false for one that is forged, damaged or sealed with a key that is gone.
func (s *Sealer) OpenDelivery(token string) (d Delivery, ok bool) {
	plain, ok := s.unseal(token, deliveryGrace, func(key sealKey) cipher.AEAD { return key.delivery })
	lines := strings.Split(plain, "\n")
	if !ok || len(lines) < 4 {
		return Delivery{}, false
	}
	in, ok := readAssistance(lines[4:])
	return Delivery{surveys.StudyID(lines[0]), surveys.WaveID(lines[1]), surveys.EnrolmentID(lines[2]), lines[3], in}, ok
}

// Visiting returns what a visit needs of a ticket.
func (d Delivery) Visiting() Ticket {
	ticket := d.Ticket()
	ticket.Audience = surveys.Patients
	return ticket
}
