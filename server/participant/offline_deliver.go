package participant

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
	"wellwave/server/tickets"
	"wellwave/surveys"
)

// maxDelivered bounds the submissions of one request.
const maxDelivered = 100

// deliverForm is what a worker sends from its outbox. No protocol means the first.
type deliverForm struct {
	Protocol    int                 `json:"protocol"`
	Token       string              `json:"token"`
	Now         int64               `json:"now"` // by the device's clock when it sends, in Unix milliseconds; older workers leave it 0
	Submissions []deliverSubmission `json:"submissions"`
}

type deliverSubmission struct {
	Sitting string                     `json:"sitting"`
	Seq     int                        `json:"seq"`
	At      int64                      `json:"at"` // by the device's clock, in Unix milliseconds
	Answers map[string]json.RawMessage `json:"answers"`
	Finish  bool                       `json:"finish"`
	Draft   bool                       `json:"draft"` // saved by the page itself, and nobody has confirmed it yet
	Aids    string                     `json:"aids"`  // to reading, as surveys.Collection.Aids
}

// maxWaited bounds how long answers are believed to have waited on a device.
const maxWaited = 5 * 365 * 24 * time.Hour

// moment converts a time of the device's clock to ours. Both clocks are known for the moment of sending, so it is known how
// long the answers waited even if the device's clock is wrong.
func (f *deliverForm) moment(at int64, received time.Time) time.Time {
	switch waited := f.Now - at; {
	case at <= 0:
		return time.Time{}
	case f.Now <= 0 || waited < 0 || waited > maxWaited.Milliseconds():
		return time.UnixMilli(at)
	default:
		return received.Add(-time.Duration(waited) * time.Millisecond)
	}
}

// deliverReply has a receipt for each submission, in order, or the reason why none was taken.
type deliverReply struct {
	Protocol int              `json:"protocol"`
	Message  string           `json:"message,omitempty"`
	Version  string           `json:"version,omitempty"` // of the bundle that there is now
	Shared   bool             `json:"shared"`
	Receipts []deliverReceipt `json:"receipts,omitempty"`
}

// deliverReceipt says what became of a submission. Received, late and kept ones are safe and need not be sent again; kept
// means that other answers had arrived under the same number, and the study team is told. Refused ones stay with the
// device, whose owner is told why.
type deliverReceipt struct {
	Sitting string `json:"sitting"`
	Seq     int    `json:"seq"`
	State   string `json:"state"`
	Message string `json:"message,omitempty"`
	Care    bool   `json:"care,omitempty"` // the page with the safety plan's text is to be shown
}

// Deliver handles POST /q/:handle/deliver. The token says whose answers these are, not the ticket. Once the link was replaced
// that the token came from, the answers wait on the device until the new one is opened there.
func (h *Offline) Deliver(c echo.Context) error {
	var form deliverForm
	if err := json.NewDecoder(c.Request().Body).Decode(&form); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return echo.ErrStatusRequestEntityTooLarge
		}
		return refuseDelivery(c, http.StatusBadRequest, "These answers could not be read. Ask the study team what to do, and do not clear this browser’s data before that.")
	}
	sealed, note := noted(form.Token)
	to, ok := h.sealer.OpenDelivery(sealed)
	if !ok || !h.sealer.Owns(to.Ticket(), c.Param("handle")) {
		return refuseDelivery(c, http.StatusUnauthorized, openAgain)
	}
	if form.Protocol > protocol || len(form.Submissions) > maxDelivered {
		return refuseDelivery(c, http.StatusBadRequest, "These answers come from a newer page than this server knows. They are kept here; try again later.")
	}
	if err := h.hear(c, &to, note, form.Now); err != nil {
		return err
	}
	reply := deliverReply{Protocol: protocol, Shared: h.sessions.OnDevice(c)}
	for _, sub := range form.Submissions {
		receipt, err := h.take(c, to, sub, form.moment(sub.At, h.now()))
		if surveys.KindOf(err) == surveys.Unauthenticated {
			return refuseDelivery(c, http.StatusUnauthorized, openAgain)
		}
		if err != nil {
			return err
		}
		reply.Receipts = append(reply.Receipts, receipt)
	}
	v, err := h.visits.foresee(c.Request().Context(), to.Ticket(), c.Param("handle"), page.ReaderOf(c))
	if err != nil {
		return err
	}
	reply.Version = h.bundleVersion(v)
	return c.JSON(http.StatusOK, reply)
}

// openAgain says what becomes of answers whose link does not take them any more: they stay on the device until then.
const openAgain = "These answers can no longer be sent with the link that was open when they were given. Open your link again in this browser, and they are sent then."

func refuseDelivery(c echo.Context, status int, why string) error {
	return c.JSON(status, deliverReply{Protocol: protocol, Message: page.ReaderOf(c).Spoken().Say(why)})
}

// take submits one submission of an outbox. given is when it was answered by the device's clock. That is stored but not
// trusted: whether the answers are late depends on when they arrived.
func (h *Offline) take(c echo.Context, to tickets.Delivery, sent deliverSubmission, given time.Time) (deliverReceipt, error) {
	sub := surveys.Submission{Study: to.Study, Enrolment: to.Enrolment, Wave: to.Wave, Sitting: sent.Sitting, Seq: sent.Seq, Finish: sent.Finish, Draft: sent.Draft,
		How: to.How(to.Language, sent.Aids), By: to.By(), Basis: to.Basis()}
	sub.How.DeviceTime = given
	told := deliverReceipt{Sitting: sent.Sitting, Seq: sent.Seq, State: "refused"}
	var err error
	if sub.Answers, err = sent.answers(); err == nil && sent.Seq < 1 {
		err = surveys.Errorf(surveys.Invalid, "These answers have no number, so they cannot be told from others.")
	}
	pack := page.ReaderOf(c).Spoken()
	var receipt surveys.Receipt
	if err == nil {
		receipt, err = h.store.Submit(c.Request().Context(), sub)
		told.Care = receipt.Alert
	}
	switch kind := surveys.KindOf(err); {
	case kind == surveys.Unauthenticated:
		return told, err
	case err == nil:
		told.State = "received"
		if receipt.LateDays > 0 || receipt.Verdict == surveys.Aside {
			told.State = "late"
		}
		if receipt.Verdict == surveys.Aside && receipt.Revoked {
			told.State, told.Message = "received", pack.Say("This tablet is no longer in use for the study. What was answered on it is kept, and the study team looks at it.")
		}
		if why := receipt.Told(); why != "" {
			told.Message = page.Sentence(pack.Say(why))
		}
	case kind == surveys.Conflict:
		told.State, told.Message = "kept", page.TroubleOf(err).In(pack)
	case page.TroubleOf(err).Status >= http.StatusInternalServerError:
		return told, fmt.Errorf("deliver answers: %w", err)
	default:
		told.Message = page.TroubleOf(err).In(pack)
	}
	return told, nil
}

// answers reads the answers, in the order of their codes, so that the same content is written the same way.
func (sent deliverSubmission) answers() ([]surveys.ItemAnswer, error) {
	answers := make([]surveys.ItemAnswer, 0, len(sent.Answers))
	for _, code := range slices.Sorted(maps.Keys(sent.Answers)) {
		value, err := surveys.ParseJSONValue(sent.Answers[code])
		if err != nil {
			return nil, err
		}
		answers = append(answers, surveys.ItemAnswer{Code: code, Value: value})
	}
	return answers, nil
}

// hear records how a kiosk was handed over, once, before the answers that were given on it. If the report is wrong it is
// left out, and the answers count anyway.
func (h *Offline) hear(c echo.Context, to *tickets.Delivery, note *handOverNote, sent int64) error {
	if note == nil || to.Helper != helperUnknown {
		return nil
	}
	made, err := reportHandOver(c, h.store.ReportHandOver, h.now(), *to, *note, sent)
	if kind := surveys.KindOf(err); err != nil && (kind == 0 || kind == surveys.Unavailable) {
		return fmt.Errorf("take in a handing-over: %w", err)
	}
	to.Helper = made.Helper
	return nil
}
