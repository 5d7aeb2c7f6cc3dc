// Package migrations holds the schema as numbered SQL files. One set serves both engines; a {fragment} in a file is
// engine-specific text that the store's dialect resolves. A file that has been released is never edited.
package migrations

import "embed"

// FS holds the files, named NNNN_topic.sql and numbered from 1 without gaps.
//
//go:embed *.sql
var FS embed.FS
