// Package risk measures how well a table of people hides them from somebody who knows a few things about one of them: its
// keys, such as age, sex and place. Rows that agree in all keys are a class, and whoever knows the keys cannot tell the rows
// of a class apart. It reads no file and changes nothing; it works on any table.
package risk
