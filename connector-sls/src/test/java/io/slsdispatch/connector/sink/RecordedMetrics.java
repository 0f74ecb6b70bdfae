package io.slsdispatch.connector.sink;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.OperatorIOMetricGroup;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;

/** Metrics that a test can read by name; those of sub-groups as {@code group.name}. */
public final class RecordedMetrics extends UnregisteredMetricsGroup implements SinkWriterMetricGroup {

    private final Map<String, Counter> counters;
    private final Map<String, Gauge<?>> gauges;
    private final String prefix;

    public RecordedMetrics() {
        this(new HashMap<>(), new HashMap<>(), "");
    }

    private RecordedMetrics(Map<String, Counter> counters, Map<String, Gauge<?>> gauges, String prefix) {
        this.counters = counters;
        this.gauges = gauges;
        this.prefix = prefix;
    }

    public long counted(String name) {
        if (!counters.containsKey(name)) {
            throw new AssertionError("no counter " + name + " among " + counters.keySet());
        }
        return counters.get(name).getCount();
    }

    public long shown(String name) {
        if (!gauges.containsKey(name)) {
            throw new AssertionError("no gauge " + name + " among " + gauges.keySet());
        }
        return ((Number) gauges.get(name).getValue()).longValue();
    }

    /** The sum of all counters whose name fits. */
    public long sum(java.util.function.Predicate<String> names) {
        return counters.entrySet().stream()
                .filter(counter -> names.test(counter.getKey()))
                .mapToLong(counter -> counter.getValue().getCount())
                .sum();
    }

    /** The names of all counters. */
    public java.util.Set<String> counters() {
        return counters.keySet();
    }

    /** A gauge whose value is a text. */
    public String text(String name) {
        return String.valueOf(gauges.get(name).getValue());
    }

    @Override
    public Counter counter(String name) {
        return counters.computeIfAbsent(prefix + name, key -> new SimpleCounter());
    }

    @Override
    public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
        gauges.put(prefix + name, gauge);
        return gauge;
    }

    @Override
    public MetricGroup addGroup(String name) {
        return new RecordedMetrics(counters, gauges, prefix + name + ".");
    }

    @Override
    public MetricGroup addGroup(String key, String value) {
        return addGroup(key).addGroup(value);
    }

    @Override
    public OperatorIOMetricGroup getIOMetricGroup() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Counter getNumRecordsOutErrorsCounter() {
        return counter("numRecordsOutErrors");
    }

    @Override
    public Counter getNumRecordsSendErrorsCounter() {
        return counter("numRecordsSendErrors");
    }

    @Override
    public Counter getNumRecordsSendCounter() {
        return counter("numRecordsSend");
    }

    @Override
    public Counter getNumBytesSendCounter() {
        return counter("numBytesSend");
    }

    @Override
    public void setCurrentSendTimeGauge(Gauge<Long> gauge) {
        gauge("currentSendTime", gauge);
    }
}
