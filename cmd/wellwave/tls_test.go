package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"testing"
	"time"
)

// TestTLS shakes hands in ways that a browser of today does not, and in those that it does.
func TestTLS(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	st := &site{addr: "127.0.0.1:0", certificate: &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}}
	listener, err := st.listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				_ = conn.(*tls.Conn).HandshakeContext(t.Context()) // the client tells how it went
				_ = conn.Close()
			}()
		}
	}()
	shake := func(config *tls.Config) (tls.ConnectionState, error) {
		config.InsecureSkipVerify = true // it is not about the certificate
		conn, err := tls.DialWithDialer(&net.Dialer{Timeout: 10 * time.Second}, "tcp", listener.Addr().String(), config)
		if err != nil {
			return tls.ConnectionState{}, err
		}
		defer conn.Close()
		return conn.ConnectionState(), nil
	}
	if got, err := shake(&tls.Config{}); err != nil || got.Version != tls.VersionTLS13 {
		t.Errorf("a browser gets version %x, %v, want 1.3", got.Version, err)
	}
	if got, err := shake(&tls.Config{MaxVersion: tls.VersionTLS12}); err != nil || got.Version != tls.VersionTLS12 {
		t.Errorf("an older browser gets version %x, %v, want 1.2", got.Version, err)
	}
	if _, err := shake(&tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}); err == nil {
		t.Error("version 1.1 is taken")
	}
	for _, suite := range []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA, tls.TLS_ECDHE_ECDSA_WITH_RC4_128_SHA} {
		if _, err := shake(&tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{suite}}); err == nil {
			t.Errorf("%s is taken", tls.CipherSuiteName(suite))
		}
	}
}
