package io.slsdispatch.e2e.dispatch;

import io.slsdispatch.connector.model.AddressedLogGroup;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.rules.reload.ReplayProgress;
import io.slsdispatch.job.topology.Connectors;
import io.slsdispatch.job.topology.SlsConnectors;
import io.slsdispatch.local.ledger.GroupDigest;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.api.connector.source.Source;
import org.jspecify.annotations.Nullable;

/** The service at both ends, but it is noted what the writers get, and the next one throws when a test says so. */
final class WatchedConnectors implements Connectors {

    /** When a writer throws. */
    enum Moment {
        /** With a group in its hands that it has not sent. */
        BEFORE_WRITE,
        /** When everything before the barrier is acknowledged, but the checkpoint is not complete. */
        AFTER_FLUSH
    }

    // Sinks travel through serialization, so that the test can only be found by a name.
    private static final Map<String, WatchedConnectors> BY_ID = new ConcurrentHashMap<>();

    private final String id = UUID.randomUUID().toString();
    private final SlsConnectors service = new SlsConnectors();
    private final AtomicReference<@Nullable Moment> next = new AtomicReference<>();
    private final Queue<GroupDigest> arrivals = new ConcurrentLinkedQueue<>();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong writers = new AtomicLong();

    WatchedConnectors() {
        BY_ID.put(id, this);
    }

    /** The next writer that comes to this moment throws. */
    void failAt(Moment moment) {
        next.set(moment);
    }

    /** The groups that came to the writers, in this order; only at parallelism 1 it is the order of the source. */
    List<GroupDigest> arrivals() {
        return List.copyOf(arrivals);
    }

    /** How many writers have thrown. */
    long failures() {
        return failures.get();
    }

    /** How many writers were made: as many again with each restart of the job. */
    long writers() {
        return writers.get();
    }

    private void reach(Moment moment) {
        if (next.compareAndSet(moment, null)) {
            failures.incrementAndGet();
            throw new IllegalStateException("as the test wants, " + moment);
        }
    }

    @Override
    public ReplayProgress progress(JobConfig.Source source) {
        return service.progress(source);
    }

    @Override
    public Source<RawLogGroup, ?, ?> source(JobConfig.Source source) {
        return service.source(source);
    }

    @Override
    public Sink<RawLogGroup> sink(JobConfig.Target target) {
        return new Watched(id, service.sink(target));
    }

    @Override
    public Sink<AddressedLogGroup> sink(JobConfig.Template target) {
        return service.sink(target);
    }

    private static WatchedConnectors byId(String id) {
        WatchedConnectors connectors = BY_ID.get(id);
        if (connectors == null) {
            throw new IllegalStateException("the test runs in another process");
        }
        return connectors;
    }

    private record Watched(String id, Sink<RawLogGroup> sink) implements Sink<RawLogGroup>, Serializable {

        @Override
        public SinkWriter<RawLogGroup> createWriter(WriterInitContext context) throws IOException {
            WatchedConnectors connectors = byId(id);
            connectors.writers.incrementAndGet();
            return new WatchedWriter(connectors, sink.createWriter(context));
        }
    }

    @SuppressWarnings("try") // the interface of Flink lets close() throw any exception
    private record WatchedWriter(WatchedConnectors connectors, SinkWriter<RawLogGroup> writer)
            implements SinkWriter<RawLogGroup> {

        @Override
        public void write(RawLogGroup group, Context context) throws IOException, InterruptedException {
            connectors.reach(Moment.BEFORE_WRITE);
            connectors.arrivals.add(GroupDigest.of(group.bytes().toArray()));
            writer.write(group, context);
        }

        @Override
        public void flush(boolean endOfInput) throws IOException, InterruptedException {
            writer.flush(endOfInput);
            connectors.reach(Moment.AFTER_FLUSH);
        }

        @Override
        public void close() throws Exception {
            writer.close();
        }
    }
}
