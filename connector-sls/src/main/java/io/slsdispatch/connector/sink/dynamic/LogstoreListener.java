package io.slsdispatch.connector.sink.dynamic;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.PutListener;
import io.slsdispatch.connector.sink.RejectHandler;
import io.slsdispatch.connector.sink.SinkParts;
import io.slsdispatch.connector.sink.TargetListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Handles the results of puts to one logstore of many. They are handled as those to a single target, except that the
 * logstore may be missing. Task thread only.
 */
final class LogstoreListener implements PutListener<RawLogGroup> {

    /** The logstore. */
    interface Owner {

        /** The logstore has accepted groups. */
        void accepted();

        /**
         * A put was refused because the logstore does not exist.
         *
         * @return how long to wait at most before the next
         */
        Duration putAbsent() throws IOException;

        /** Whether the engine was given up, because the logstore is absent. */
        boolean isGivenUp();

        /** Settles a group of an absent logstore. */
        void secondWay(RawLogGroup group) throws IOException;
    }

    private final TargetListener usual;
    private final SinkParts parts;
    private final Owner owner;

    LogstoreListener(SinkParts parts, RejectHandler rejects, Owner owner) {
        this.usual = new TargetListener(parts, rejects);
        this.parts = parts;
        this.owner = owner;
    }

    @Override
    public void acknowledged(List<RawLogGroup> groups) {
        owner.accepted();
        usual.acknowledged(groups);
    }

    @Override
    public void rejected(RawLogGroup group, SlsException reason) throws IOException {
        owner.accepted();
        usual.rejected(group, reason);
    }

    @Override
    public void notDelivered(RawLogGroup group, @Nullable SlsException lastError) {
        if (!owner.isGivenUp()) {
            usual.notDelivered(group, lastError);
            return;
        }
        try {
            owner.secondWay(group);
        } catch (IOException e) {
            failsSoon();
        }
    }

    @Override
    public @Nullable Duration absent(SlsException error) {
        try {
            return owner.putAbsent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The failure is stored already; this method may not throw it, but the task does. */
    private void failsSoon() {
        parts.thread().execute(parts.failure()::check, "failure of a writer");
    }

    @Override
    public void split(RawLogGroup whole, List<RawLogGroup> some) {
        usual.split(whole, some);
    }

    @Override
    public void exhausted(Exhausted why, SlsException error) throws IOException {
        usual.exhausted(why, error);
    }

    @Override
    public void broke(Throwable error) throws IOException {
        usual.broke(error);
    }

    @Override
    public void retries(int failures, boolean transientError, SlsException error, @Nullable Duration left) {
        usual.retries(failures, transientError, error, left);
    }

    @Override
    public void listsSwitchedOff() {
        usual.listsSwitchedOff();
    }

    @Override
    public void zstdSwitchedOff(SlsException refusal) {
        usual.zstdSwitchedOff(refusal);
    }

    @Override
    public void circuitOpened(@Nullable SlsException lastError) {
        usual.circuitOpened(lastError);
    }

    @Override
    public void circuitClosed(long groups, long bytes) {
        usual.circuitClosed(groups, bytes);
    }

    @Override
    public void circuitClosedForLocalFailure(long groups, long bytes, SlsException error) {
        usual.circuitClosedForLocalFailure(groups, bytes, error);
    }
}
