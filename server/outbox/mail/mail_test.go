package mail_test

import (
	"context"
	"io"
	"mime/quotedprintable"
	"strings"
	"testing"
	"time"

	"wellwave/server/outbox/mail"
	"wellwave/server/outbox/mail/mailtest"
	"wellwave/surveys"
)

var message = mail.Message{ID: "abc.deputy", ToName: "Dr Müller", To: "deputy@example.org", Subject: "Safety alert: please act now",
	Text: "Call under the protocol.\r\nStudy “Trial”.\r\n"}

func sender(t *testing.T, c mail.Config) *mail.Sender {
	t.Helper()
	if c.From == "" {
		c.From = "wellwave <alerts@example.org>"
	}
	s, err := mail.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSend(t *testing.T) {
	tests := []struct {
		name   string
		kind   mailtest.Kind
		scheme string
		user   string
	}{
		{"TLS", mailtest.TLS, "smtps://", mailtest.User + "@"},
		{"STARTTLS", mailtest.StartTLS, "smtp://", mailtest.User + "@"},
		{"on this machine", mailtest.Plain, "smtp+plain://", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := mailtest.New(t, tt.kind)
			s := sender(t, mail.Config{URL: tt.scheme + tt.user + server.Host, Password: mailtest.Password, Roots: server.Roots})
			if err := s.Check(t.Context()); err != nil {
				t.Fatalf("Check() = %v", err)
			}
			if len(server.Mails()) != 0 {
				t.Error("Check() sent something")
			}
			if err := s.Send(t.Context(), message); err != nil {
				t.Fatalf("Send() = %v", err)
			}
			got := server.Mails()[0]
			if got.From != "alerts@example.org" || got.To != "deputy@example.org" || got.Header.Get("Message-ID") != "<abc.deputy@example.org>" ||
				got.Header.Get("Subject") != message.Subject || !strings.Contains(got.Header.Get("From"), "wellwave") ||
				got.Header.Get("Auto-Submitted") != "auto-generated" || got.Header.Get("Importance") != "high" {
				t.Errorf("this arrived:\n%s", got.Raw)
			}
			for _, name := range []string{"User-Agent", "X-Mailer"} {
				if value := got.Header.Get(name); value != "" {
					t.Errorf("%s: %s", name, value)
				}
			}
			_, body, _ := strings.Cut(got.Raw, "\r\n\r\n")
			if text, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(body))); err != nil || strings.TrimSpace(string(text)) != strings.TrimSpace(message.Text) {
				t.Errorf("the text arrived as %q, %v", text, err)
			}
			if tt.user != "" && server.SignIns() != 2 {
				t.Errorf("it signed in %d times, want 2", server.SignIns())
			}
		})
	}
}

// What is written in a study file or an account adds neither headers nor readers to a message.
func TestTextsAddNoHeaders(t *testing.T) {
	server := mailtest.New(t, mailtest.TLS)
	s := sender(t, mail.Config{URL: "smtps://" + mailtest.User + "@" + server.Host, Password: mailtest.Password, Roots: server.Roots})
	hostile := message
	hostile.Subject = "Alert\r\nCc: evil@example.org\nReply-To: evil@example.org"
	hostile.Text = "one\r\n.\r\nMAIL FROM:<evil@example.org>\r\n"
	if err := s.Send(t.Context(), hostile); err != nil {
		t.Fatalf("Send() = %v", err)
	}
	if mails := server.Mails(); len(mails) != 1 || mails[0].To != message.To {
		t.Fatalf("%d messages arrived: %+v", len(mails), mails)
	}
	for _, name := range []string{"Bcc", "Cc", "Reply-To"} {
		if value := server.Mails()[0].Header.Get(name); value != "" {
			t.Errorf("%s: %s", name, value)
		}
	}
	for _, one := range [][2]string{{"Dr Reid\r\nBcc: evil@example.org\r\n\r\nCall nobody", message.To}, {"Dr Reid", "deputy@example.org>\r\nRCPT TO:<evil@example.org"}} {
		hostile.ToName, hostile.To = one[0], one[1]
		if err := s.Send(t.Context(), hostile); err == nil || len(server.Mails()) != 1 {
			t.Errorf("a message to %q was sent", one)
		}
	}
}

// TestSendFails wants errors that name no address, because they are logged.
func TestSendFails(t *testing.T) {
	server := mailtest.New(t, mailtest.TLS)
	good := mail.Config{URL: "smtps://" + mailtest.User + "@" + server.Host, Password: mailtest.Password, Roots: server.Roots}
	wantError := func(name string, c mail.Config, want string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		err := sender(t, c).Send(ctx, message)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "@") || strings.Contains(err.Error(), mailtest.Password) {
			t.Errorf("%s: Send() = %v, want an error with %q that names no address", name, err, want)
		}
	}
	untrusted := good
	untrusted.Roots = nil
	wantError("a certificate that nobody trusts", untrusted, "certificate signed by unknown authority")
	wrong := good
	wrong.Password = "another password"
	wantError("a wrong password", wrong, "535")
	if err := sender(t, wrong).Check(t.Context()); err == nil || !strings.Contains(err.Error(), "535") {
		t.Errorf("Check() with a wrong password = %v, want the server's refusal", err)
	}
	plain := mailtest.New(t, mailtest.Plain)
	wantError("a server without STARTTLS", mail.Config{URL: "smtp://" + plain.Host}, "does not support STARTTLS")
	if len(plain.Mails()) != 0 {
		t.Error("something was sent without TLS")
	}
	server.Refuse(true)
	wantError("a server that takes nothing", good, "code 451")
	server.Refuse(false)
	if err := sender(t, good).Send(t.Context(), message); err != nil {
		t.Errorf("Send() = %v once it takes messages again", err)
	}
}

func TestConfig(t *testing.T) {
	tests := []struct {
		name string
		give mail.Config
	}{
		{"no scheme", mail.Config{URL: "mail.example.org:465", From: "a@example.org"}},
		{"another scheme", mail.Config{URL: "https://mail.example.org", From: "a@example.org"}},
		{"no host", mail.Config{URL: "smtps://", From: "a@example.org"}},
		{"a password in the address", mail.Config{URL: "smtps://a:b@mail.example.org", From: "a@example.org"}},
		{"no password", mail.Config{URL: "smtps://a@mail.example.org", From: "a@example.org"}},
		{"an impossible port", mail.Config{URL: "smtps://mail.example.org:99999", From: "a@example.org"}},
		{"no sender", mail.Config{URL: "smtps://mail.example.org"}},
		{"no TLS to another machine", mail.Config{URL: "smtp+plain://mail.example.org", From: "a@example.org"}},
		{"a password without TLS", mail.Config{URL: "smtp+plain://a@localhost", Password: "b", From: "a@example.org"}},
	}
	for _, tt := range tests {
		if _, err := mail.New(tt.give); surveys.KindOf(err) != surveys.Invalid {
			t.Errorf("%s: New() = %v, want it refused", tt.name, err)
		}
	}
}
