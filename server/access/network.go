package access

import (
	"net/netip"

	"github.com/labstack/echo/v4"
)

// Network returns the network that a request comes from, for the audit trail: the /24 of an IPv4 address, the /48 of an IPv6
// one, of which each holds hundreds of machines or the whole of one organisation. A whole address is never kept.
func Network(c echo.Context) string { return networkOf(c.RealIP()) }

func networkOf(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	bits := 48
	if a = a.Unmap().WithZone(""); a.Is4() {
		bits = 24
	}
	p, _ := a.Prefix(bits) // bits fit the address
	return p.String()
}
