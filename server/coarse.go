package server

import (
	"math"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	dto "github.com/prometheus/client_model/go"
)

// coarseSteps are what is told of the process itself, and in which steps. Anybody who reads exact counts of memory, time or
// collections on a quiet server sees when a member of staff opened or sent the survey that nothing else counts; in these
// steps thousands of requests make no difference. What is not listed is not served.
var coarseSteps = map[string]float64{
	"go_info":                       1,
	"go_goroutines":                 100,
	"go_threads":                    20,
	"go_memstats_sys_bytes":         64 << 20,
	"process_cpu_seconds_total":     600,
	"process_resident_memory_bytes": 64 << 20,
	"process_virtual_memory_bytes":  1 << 30,
	"process_open_fds":              100,
	"process_max_fds":               1,
	"process_start_time_seconds":    60,
}

// coarseProcess gathers what coarseSteps lists, rounded down.
func coarseProcess() prometheus.Gatherer {
	exact := prometheus.NewRegistry()
	exact.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return prometheus.GathererFunc(func() ([]*dto.MetricFamily, error) {
		families, err := exact.Gather()
		var told []*dto.MetricFamily
		for _, family := range families {
			step := coarseSteps[family.GetName()]
			if step == 0 {
				continue
			}
			for _, m := range family.GetMetric() {
				for _, value := range []*float64{valueOf(m.GetGauge()), valueOf(m.GetCounter())} {
					if value != nil {
						*value = coarsely(*value, step)
					}
				}
			}
			told = append(told, family)
		}
		return told, err
	})
}

// coarsely rounds down to a multiple of a step.
func coarsely(v, step float64) float64 { return math.Floor(v/step) * step }

// valueOf returns where the value of a metric stands, nil for none.
func valueOf(m interface{ GetValue() float64 }) *float64 {
	switch m := m.(type) {
	case *dto.Gauge:
		if m != nil {
			return m.Value
		}
	case *dto.Counter:
		if m != nil {
			return m.Value
		}
	}
	return nil
}
