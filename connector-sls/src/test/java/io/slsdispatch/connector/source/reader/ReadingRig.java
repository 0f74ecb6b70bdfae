package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.client.FeatureSupport;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.TestGroups;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.metrics.ReaderMetrics;
import io.slsdispatch.connector.model.KeyRange;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.source.reader.PullAction.PullResult;
import io.slsdispatch.connector.source.reader.PulledRecords.PulledGroup;
import io.slsdispatch.connector.source.reader.ReaderEnvironment.WakeUpSignal;
import io.slsdispatch.connector.source.reader.ShardEndDetector.ReadOnlyShards;
import io.slsdispatch.connector.source.split.ShardSplit;
import io.slsdispatch.connector.task.FailureLog;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.apache.flink.metrics.testutils.MetricListener;
import org.apache.flink.runtime.metrics.groups.InternalSourceReaderMetricGroup;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The parts of a reader around a {@link FakeSls}, and one shard that is read step by step on the test's thread. */
final class ReadingRig implements AutoCloseable {

    /** A clock that stands still until it is moved; the service's can be elsewhere. */
    static final class StoppedClock extends Clock {
        Instant now = Instant.ofEpochSecond(1_700_000_000L);

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    final FakeSls service;
    final MetricListener metrics = new MetricListener();
    final StoppedClock clock = new StoppedClock();
    final ReaderEnvironment env;
    final List<String> emitted = new ArrayList<>();
    final List<RawLogGroup> groups = new ArrayList<>();
    private final SlsClient client;
    private @Nullable ShardPuller puller;
    private int crashAt = Integer.MAX_VALUE;
    private Position position = Position.at(FakeSls.cursorOf(0));
    private long nanos;

    ReadingRig(FakeSls service, SourceConfig config) {
        this.service = service;
        this.client = service.clients().create();
        clock.now = service.now();
        WakeUpSignal signal = new WakeUpSignal();
        ReaderMetrics readerMetrics = new ReaderMetrics(
                InternalSourceReaderMetricGroup.mock(metrics.getMetricGroup()),
                config.logstore().logstore(),
                clock);
        ServiceTime serviceTime = new ServiceTime(clock, client::clockOffset, () -> nanos);
        this.env = new ReaderEnvironment(
                config,
                client,
                readerMetrics,
                clock,
                serviceTime,
                new ReadOnlyShards(serviceTime, () -> nanos),
                signal,
                new ByteBudget(config.pulls().maxBufferedBytes(), signal::raise),
                new CursorLookups(client, config.logstore(), "test"),
                new FailureLog(LoggerFactory.getLogger(SlsSourceReader.class), () -> nanos),
                FeatureSupport.ofZstd());
    }

    static ShardSplit split(FakeSls service, int shard, Position position, @Nullable String stopCursor) {
        return new ShardSplit(service.logstore(), shard, KeyRange.RING, 0, position, 0, stopCursor, false);
    }

    ReadingRig reading(int shard, Position start, @Nullable String stopCursor) {
        env.metrics().begin(shard, 0);
        position = start;
        puller = new ShardPuller(
                split(service, shard, start, stopCursor),
                env,
                new GroupIndex.Builder(env.config().packing()),
                () -> nanos,
                new Extreme(true));
        return this;
    }

    ReadingRig reading(int shard) {
        return reading(shard, Position.at(FakeSls.cursorOf(0)), null);
    }

    /** Stops the steps as soon as so many groups are emitted in all, in the middle of a batch. */
    void crashAt(int groups) {
        crashAt = groups;
    }

    /** Begins again at the position that a checkpoint would have now. */
    ReadingRig restore() {
        crashAt = Integer.MAX_VALUE;
        return reading(current().shard(), position, null);
    }

    boolean hasCrashed() {
        return emitted.size() >= crashAt;
    }

    long nanoTime() {
        return nanos;
    }

    void advance(Duration duration) {
        nanos += duration.toNanos();
        clock.now = clock.now.plus(duration);
    }

    /** Where the shard stands by what was emitted. */
    Position position() {
        return position;
    }

    long pauseNanos() {
        return current().pauseNanos();
    }

    PullAction next() {
        return current().nextAction();
    }

    private ShardPuller current() {
        if (puller == null) {
            throw new IllegalStateException("no shard is read");
        }
        return puller;
    }

    /** Does so many steps, or fewer when the shard is finished. */
    ReadingRig steps(int count) throws IOException {
        for (int i = 0; i < count && !isFinished() && !hasCrashed(); i++) {
            step();
        }
        return this;
    }

    boolean isFinished() {
        return next() instanceof PullAction.Finish;
    }

    /** Does steps until the shard is finished; fails when it is not after many. */
    ReadingRig toTheEnd() throws IOException {
        steps(200);
        if (!isFinished()) {
            throw new AssertionError("not finished at " + position + ", next is " + next());
        }
        return this;
    }

    private void step() throws IOException {
        PullAction action = next();
        try {
            if (action instanceof PullAction.Pull pull) {
                PulledBatch batch = client.pull(pull.request()).join();
                take(current().pulled(pull, batch, 1_000_000, 0));
            } else if (action instanceof PullAction.LookUp lookUp) {
                take(current()
                        .lookedUp(
                                lookUp,
                                env.lookups().ask(current().shard(), lookUp).join()));
            }
        } catch (CompletionException e) {
            Throwable cause = e.getCause() instanceof CompletionException inner ? inner.getCause() : e.getCause();
            take(current().failed(action, (SlsException) cause));
        }
    }

    private void take(PullResult result) {
        if (result instanceof PullResult.Move move) {
            position = move.position();
        } else if (result instanceof PullResult.Emit emit) {
            PulledRecords.Batch records = new PulledRecords.Batch(current().shard(), emit, () -> {});
            records.nextSplit();
            PulledGroup pulled = records.nextRecordFromSplit();
            while (pulled != null && !hasCrashed()) {
                groups.add(pulled.group());
                emitted.add(pulled.group().isMalformed() ? "malformed" : TestGroups.content(pulled.group()));
                position = new Position(pulled.cursor(), pulled.emitted());
                pulled = records.nextRecordFromSplit();
            }
        }
    }

    long gauge(String... names) {
        return ((Number) value(names)).longValue();
    }

    /** A gauge whose value is a text. */
    String text(String... names) {
        return (String) value(names);
    }

    private Object value(String... names) {
        String[] all = new String[names.length + 3];
        all[0] = "sls";
        all[1] = "logstore";
        all[2] = env.config().logstore().logstore();
        System.arraycopy(names, 0, all, 3, names.length);
        return metrics.getGauge(all).orElseThrow().getValue();
    }

    @Override
    public void close() {
        client.close();
        env.lookups().close();
        service.close();
    }
}
