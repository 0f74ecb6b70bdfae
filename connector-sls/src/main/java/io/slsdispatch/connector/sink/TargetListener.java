package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.PutListener;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** Handles the results of puts to the writer's target. Task thread only. */
@Internal
public final class TargetListener implements PutListener<RawLogGroup> {

    private final LogstoreId logstore;
    private final TargetMetrics metrics;
    private final SinkMessages messages;
    private final Failure failure;
    private final RejectHandler rejects;
    private boolean warnedOfZstd;

    public TargetListener(SinkParts parts, RejectHandler rejects) {
        this.logstore = parts.config().logstore();
        this.metrics = parts.metrics();
        this.messages = parts.messages();
        this.failure = parts.failure();
        this.rejects = rejects;
    }

    /** Counted by the metrics. */
    @Override
    public void acknowledged(List<RawLogGroup> groups) {}

    @Override
    public void rejected(RawLogGroup group, SlsException reason) throws IOException {
        rejects.rejected(group, reason);
    }

    @Override
    public void notDelivered(RawLogGroup group, @Nullable SlsException lastError) {
        rejects.notDelivered(group, lastError);
    }

    @Override
    public void split(RawLogGroup whole, List<RawLogGroup> parts) {
        metrics.split(parts.size());
    }

    @Override
    public void exhausted(Exhausted why, SlsException error) throws IOException {
        failure.fail(messages.exhausted(why, error));
    }

    @Override
    public void broke(Throwable error) throws IOException {
        failure.fail(messages.unexpected(error));
    }

    @Override
    public void retries(int failures, boolean transientError, SlsException error, @Nullable Duration left) {
        messages.retries(logstore, failures, transientError, error, left);
    }

    @Override
    public void listsSwitchedOff() {
        messages.listsSwitchedOff();
    }

    @Override
    public void zstdSwitchedOff(SlsException refusal) {
        if (!warnedOfZstd) {
            warnedOfZstd = true;
            messages.zstdSwitchedOff(logstore, refusal);
        }
    }

    @Override
    public void circuitOpened(@Nullable SlsException lastError) {
        messages.circuitOpened(lastError);
    }

    @Override
    public void circuitClosed(long groups, long bytes) {
        messages.circuitClosed(groups, bytes);
    }

    @Override
    public void circuitClosedForLocalFailure(long groups, long bytes, SlsException error) {
        messages.circuitClosedForLocalFailure(groups, bytes, error);
    }
}
