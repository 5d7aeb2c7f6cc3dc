// Package csvtable reads tables in CSV that begin with a row of column names: the files that people hand to the
// commands which score, describe and plan. It is stricter than encoding/csv, because a table that is misread gives wrong
// numbers, and it knows the place of every cell, because people mend what they can find.
//
//   - Cells are separated by commas; rows end in LF or CRLF, the last one perhaps in nothing. A byte order mark before
//     the first name is skipped.
//   - A cell in quotation marks may hold commas, line breaks and doubled quotation marks. A quotation mark anywhere else
//     is a mistake, and so is a carriage return without a line feed.
//   - Every column has a name and no two the same. Every row has as many cells as there are names.
//   - An empty line is skipped, unless the table has one column only, where it is a row with an empty cell.
//   - The text is UTF-8. A row has at most [MaxRow] bytes.
//
// Mistakes are of the type [*Error]; other errors are those of the underlying reader.
//
// [Reader.Next] gives one row after the other. To share the work out, [Reader.NextBlock] gives blocks of whole rows
// instead, each of which may be read by a goroutine of its own. Memory is bounded either way.
package csvtable
