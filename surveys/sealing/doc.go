// Package sealing keeps the answers of a round of the anonymous staff survey unreadable until two of its three custodians
// open it together.
//
// A round has a key pair. Answers are sealed to its public half as they arrive ([Seal]); the private half is kept only as
// three shares, one for each pair of custodians, each encrypted to the key of one inside that to the key of the other. So
// any two custodians open the round, and no one alone, nor whoever holds the disk, can. If two of the three keys are lost,
// nobody can open it any more.
//
// The encryption is age's (age-encryption.org/v1) with X25519 keys: what is stored can be opened with the age tool too.
// Everything here is pure but for the random numbers of new keys.
package sealing
