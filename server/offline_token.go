package server

import (
	"crypto/cipher"
	"strings"

	"wellwave/surveys"
)

// delivery is what a sealed delivery token says: to whose response of which wave a device may add answers. The token opens
// no page and reads nothing, so it needs no end: answers that wait on a device outlive the session in which they were
// given, a restart, and a change of keys as long as the old ones are kept.
type delivery struct {
	Study     surveys.StudyID
	Wave      surveys.WaveID
	Enrolment surveys.EnrolmentID
	Language  string
	setting
}

// session returns as much of a session as names the response.
func (d delivery) session() session {
	return session{Study: d.Study, Wave: d.Wave, Enrolment: d.Enrolment}
}

// sealDelivery returns the token of a session's response.
func (s *sealer) sealDelivery(d delivery) string {
	key := s.keys[0]
	return key.seal(key.delivery, strings.Join(append([]string{string(d.Study), string(d.Wave), string(d.Enrolment), d.Language}, d.setting.lines()...), "\n"))
}

// openDelivery returns what a token says. ok is false for one that is forged, damaged or sealed with a key that is gone.
func (s *sealer) openDelivery(token string) (d delivery, ok bool) {
	plain, ok := s.unseal(token, func(key sealKey) cipher.AEAD { return key.delivery })
	lines := strings.Split(plain, "\n")
	if !ok || len(lines) < 4 {
		return delivery{}, false
	}
	in, ok := readSetting(lines[4:])
	return delivery{surveys.StudyID(lines[0]), surveys.WaveID(lines[1]), surveys.EnrolmentID(lines[2]), lines[3], in}, ok
}

// visiting returns the session as far as a visit needs it.
func (d delivery) visiting() session {
	sess := d.session()
	sess.Audience = surveys.Patients
	return sess
}
