// Package csvtable reads tables that begin with a row of column names: the files that people hand to every command that
// takes one in. It takes them as programs write them and says what it recognised; it is stricter than encoding/csv where a
// table that is misread would give wrong numbers, and it knows the place of every cell, because people mend what they can
// find.
//
//   - Cells are separated by commas, semicolons, tabs or vertical bars: what a first line such as sep=; says, or else what the
//     header and the first rows agree on. Rows end in LF or CRLF, the last one perhaps in nothing; in a file that has no line
//     feed they end in carriage returns.
//   - The text is in UTF-8, with or without a byte order mark, or in UTF-16 with one. Workbooks and other files that are no
//     tables are named.
//   - A cell in quotation marks may hold separators, line breaks and doubled quotation marks. A quotation mark inside another
//     cell is a character. One that begins a cell and is not closed makes its row wrong, up to the end of its line, and no
//     other. So does a carriage return without a line feed.
//   - Every column has a name and no two the same. Columns without names at the end are left out, and nothing may stand in
//     them. Every row has as many cells as there are names.
//   - A row with nothing but blanks in its cells is none, nor is an empty line, unless the table has one column only, where an
//     empty line is a row with an empty cell.
//   - A row has at most [MaxRow] bytes.
//
// Mistakes are of the type [*Error]; other errors are those of the underlying reader. One that has the cells of a row leaves
// the others to be read.
//
// [Reader.Next] gives one row after the other. To share the work out, [Reader.NextBlock] gives blocks of whole rows
// instead, each of which may be read by a goroutine of its own. Memory is bounded either way.
package csvtable
