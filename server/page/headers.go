package page

import "github.com/labstack/echo/v4"

// ContentPolicy lets a page load from its own origin alone; nothing may be written into it or framed around it.
const ContentPolicy = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; script-src 'self'; " +
	"connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"

// Headers say what a browser may do with a page, whether it comes from here or from the browser's own worker.
var Headers = map[string]string{
	echo.HeaderContentSecurityPolicy: ContentPolicy,
	// Not no-referrer: that makes browsers send "Origin: null" with our own forms, which the cross-origin check could not
	// tell from another site's where plain http leaves Sec-Fetch-Site out.
	echo.HeaderReferrerPolicy:      "same-origin",
	echo.HeaderXContentTypeOptions: "nosniff",
	echo.HeaderCacheControl:        "no-store",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy":           "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
	"X-Robots-Tag":                 "noindex, nofollow",
}
