// Package templates holds the pages, their sheets and the font, embedded in the binary.
//
// # Files
//
// layout/base.html is the frame of every page. partials/ hold named blocks. pages/<room>/<page>.html define the block
// "main", and may define "before" for what stands between the banners and the main content, such as a back link. The
// server parses every page with the frame and all partials at start and refuses to start when a page is declared and
// missing, or present and undeclared.
//
// # Adding a page
//
// Write pages/office/study.html with {{define "main"}} and one <h1>; in the room of server that shows it, write a struct
// that embeds page.Base, give it the method Template() string { return "office/study" }, list a pointer to it in the
// room's Pages, and answer with h.Pages.Send(c, status, &studyPage{Base: …}). Fields of page.Base steer the frame: Title, Name (the
// name bar), Colour, Banners, Errors (the error summary, with Field the id of the input), Office (the second sheet),
// Narrow (text width), HelpLines (the footer), Nav, Account, SignOutURL and HomeURL. The function asset gives the address
// of a file in static/ with its content hash: <script src="{{asset "x.js"}}">. Style attributes and inline script are
// forbidden by the content security policy.
//
// # Partials
//
//	{{template "text-field" .Email}}   a labelled input; give it a page.TextField
//	{{template "facts" .Facts}}        terms with their texts; give it a list of page.Fact
//	{{template "error-summary" .}}     already in the frame
//	{{template "banners" .}}           already in the frame
//	{{template "answer" .Question}}    the inputs of one item; give it a question.View
//
// # Classes
//
// participant.css, on every page:
//
//	ww-width                           centred column; ww-width--narrow in the office
//	ww-button                          --plain for the second choice, --alarm for what cannot be undone; ww-actions around
//	ww-panel                           --error --warn --good; blue without one
//	dl.ww-summary > .ww-summary__row > dt.ww-summary__key dd.ww-summary__value dd.ww-summary__change
//	ww-hidden                          for screen readers only
//
// answers.css, after it on every page:
//
//	ww-fieldset ww-legend              a group of inputs and its question; ww-legend--plain without a heading
//	ww-label ww-hint ww-error          the parts of a field; ww-field around them; ww-question--error marks one at fault
//	ww-input                           text, select, textarea; --short --medium --vas --code --error
//	ww-choices > label.ww-choice > input.ww-choice__input + span.ww-choice__label     radios and checkboxes
//	.ww-vas > .ww-scale + .ww-field    a visual analogue scale, which scale.js makes work, and its number field
//
// office.css, after both where Office is set:
//
//	ww-lede ww-small ww-number         text under a title, small print, tabular figures
//	nav.ww-nav > ul.ww-nav__list > li.ww-nav__item > a.ww-nav__link[aria-current=page]; ww-nav--tabs inside a page
//	ol.ww-crumbs                       where this page is
//	ww-head > h1 + .ww-head__actions   title and what can be done
//	ww-card, ww-card--link, ww-grid    boxes; the whole box follows the link in its h2
//	ul.ww-tiles > li.ww-tile > .ww-tile__label .ww-tile__value .ww-tile__note; ww-tile--good --warn --alarm
//	div.ww-scroll[tabindex=0][role=region][aria-labelledby=…] > table.ww-table > caption…; td.ww-table__number,
//	                                   tr.ww-table__total, tr.ww-table__group, .ww-table__none
//	ww-badge                           --good --notice --warn --alarm
//	dl.ww-facts                        terms and what they are
//	figure.ww-figure > figcaption > .ww-figure__title .ww-figure__note, svg, details.ww-details > table;
//	                                   ww-figure--paper for a chart drawn for white paper
//	form.ww-line                       filters on one line
//	ww-code, ww-code--large, ww-qr     what is handed over
package templates

import "embed"

// FS holds layout/, partials/, pages/ and static/.
//
//go:embed layout partials pages static
var FS embed.FS
