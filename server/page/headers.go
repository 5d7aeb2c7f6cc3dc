package page

import "github.com/labstack/echo/v4"

// ContentPolicy lets a page load things from its own origin only, run no script of its own text, and stand in no frame.
const ContentPolicy = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; script-src 'self'; " +
	"connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"

// Headers say what a browser may do with a page, whether it comes from here or from the browser's own worker.
var Headers = map[string]string{
	echo.HeaderContentSecurityPolicy: ContentPolicy,
	// Not no-referrer: with that, browsers send "Origin: null" with our own forms. Over plain http, without Sec-Fetch-Site,
	// the cross-origin check could not tell them from another site's forms.
	echo.HeaderReferrerPolicy:      "same-origin",
	echo.HeaderXContentTypeOptions: "nosniff",
	echo.HeaderCacheControl:        "no-store",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy":           "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
	"X-Robots-Tag":                 "noindex, nofollow",
}
