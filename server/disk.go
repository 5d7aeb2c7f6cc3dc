package server

import (
	"context"
	"errors"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"

	"wellwave/surveys"
)

// sayingWhy adds to every line of a log that tells of an error for which the disk or the database's files are to blame what is
// wrong with them. What a refusal says itself is for participants, who can do nothing about it.
type sayingWhy struct{ slog.Handler }

func (h sayingWhy) Handle(ctx context.Context, r slog.Record) error {
	because := ""
	r.Attrs(func(a slog.Attr) bool {
		err, _ := a.Value.Any().(error)
		switch {
		case errors.Is(err, surveys.ErrDiskFull):
			because = "disk is full"
		case errors.Is(err, surveys.ErrMoved):
			because = "files of the database were moved: stop every wellwave on it and put them back, or restore a backup"
		}
		return because == ""
	})
	if because != "" {
		r = r.Clone()
		r.AddAttrs(slog.String("because", because))
	}
	return h.Handler.Handle(ctx, r)
}

func (h sayingWhy) WithAttrs(attrs []slog.Attr) slog.Handler {
	return sayingWhy{h.Handler.WithAttrs(attrs)}
}

func (h sayingWhy) WithGroup(name string) slog.Handler { return sayingWhy{h.Handler.WithGroup(name)} }

// space returns the room on the database's disk, and false where nobody knows it.
func (s *Server) space() (surveys.Space, bool) {
	room, known, err := s.roomOf()
	if err != nil {
		s.log.Error("look at the room on the disk", "error", err)
	}
	return room, known && err == nil
}

// warnOfSpace writes into the log that there is little room.
func (s *Server) warnOfSpace() {
	if room, known := s.space(); known && room.Low() {
		s.log.Warn("disk is nearly full", "free_bytes", room.Free, "total_bytes", room.Total)
	}
}

// measureSpace adds what there is of room to the metrics, where it is known.
func (m *metrics) measureSpace(space func() (surveys.Space, bool)) {
	if _, known := space(); !known {
		return
	}
	gauge := func(name, help string, of func(surveys.Space) float64) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 {
			room, _ := space()
			return of(room)
		}))
	}
	gauge("wellwave_disk_free_bytes", "Room on the disk of the database, in steps of 100 MB.", func(s surveys.Space) float64 { return coarsely(float64(s.Free), 100e6) })
	gauge("wellwave_disk_total_bytes", "Size of the disk of the database.", func(s surveys.Space) float64 { return float64(s.Total) })
	gauge("wellwave_disk_low", "1 if less than 5 % or 500 MB of that disk are free.", func(s surveys.Space) float64 {
		if s.Low() {
			return 1
		}
		return 0
	})
}
