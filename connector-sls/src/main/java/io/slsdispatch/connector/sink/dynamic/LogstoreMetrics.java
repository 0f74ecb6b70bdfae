package io.slsdispatch.connector.sink.dynamic;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.PutListener.Exhausted;
import io.slsdispatch.connector.put.PutMetrics;
import io.slsdispatch.connector.sink.SinkMetrics;
import io.slsdispatch.connector.sink.TargetMetrics;
import io.slsdispatch.connector.sink.TargetProblems;
import io.slsdispatch.connector.sink.dynamic.DynamicMetrics.Series;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Counts what happens to the groups of one logstore, in its series and in the sums. Task thread only. */
final class LogstoreMetrics implements TargetMetrics {

    private final DynamicMetrics all;
    private final SinkMetrics total;
    private final Supplier<Series> choice;
    private final TargetProblems problems = new TargetProblems(InstantSource.system());
    private @Nullable Series series;
    private int requests;
    private @Nullable Long oldest;
    private boolean isOpen;
    private boolean waits;
    private boolean sendsLz4;

    /** @param choice determines the series when the first event is counted */
    LogstoreMetrics(DynamicMetrics all, Supplier<Series> choice) {
        this.all = all;
        this.total = all.total();
        this.choice = choice;
    }

    private Series series() {
        Series chosen = series;
        if (chosen == null) {
            chosen = choice.get();
            series = chosen;
        }
        return chosen;
    }

    /** The problem of the logstore; null for none. */
    TargetProblems problems() {
        return problems;
    }

    /** When the oldest pending request was first sent; null for none. */
    @Nullable
    Long oldest() {
        return oldest;
    }

    /** The logstore is forgotten, and its open circuit with it. */
    void forget(long now) {
        circuit(false);
        rateLimited(false, now);
        lz4InsteadOfZstd(false);
    }

    @Override
    public PutMetrics ofDeadLetters() {
        return total.ofDeadLetters();
    }

    @Override
    public void requestSent(boolean retry) {
        total.requestSent(retry);
    }

    @Override
    public void acknowledged(int groups, long bytes, long nanos) {
        total.acknowledged(groups, bytes, nanos);
        series().groups.inc(groups);
        series().bytes.inc(bytes);
        problems.works();
    }

    @Override
    public void failed(SlsException error) {
        total.failed(error);
        series().errors.inc();
        problems.failed(error);
    }

    @Override
    public void throttled() {
        total.throttled();
    }

    @Override
    public void rateLimited(boolean nowWaits, long now) {
        if (nowWaits != waits) {
            waits = nowWaits;
            all.rateLimited(waits, now);
        }
    }

    @Override
    public void recompressed(int groups) {
        total.recompressed(groups);
    }

    @Override
    public void retries(Exhausted reason, SlsException error, Duration pause, @Nullable Duration left) {
        problems.retries(reason, error, pause, left);
    }

    @Override
    public void probesAfter(Duration pause) {
        problems.probesAfter(pause);
    }

    @Override
    public void listsSwitchedOff() {
        total.listsSwitchedOff();
    }

    @Override
    public void lz4InsteadOfZstd(boolean instead) {
        if (instead != sendsLz4) {
            sendsLz4 = instead;
            all.lz4InsteadOfZstd(instead);
        }
    }

    @Override
    public void circuit(boolean open) {
        if (open == isOpen) {
            return;
        }
        isOpen = open;
        all.circuit(open);
        series().circuit(open ? 1 : -1);
        if (!open) {
            problems.isBack();
        }
    }

    @Override
    public void holds(long bytes, int pending, long limit) {
        all.requests(pending - requests);
        requests = pending;
    }

    @Override
    public void oldestSince(long nanos) {
        oldest = nanos;
    }

    @Override
    public void nothingSent() {
        oldest = null;
        problems.works();
    }

    @Override
    public long rejected() {
        return total.rejected();
    }

    @Override
    public void split(int parts) {
        total.split(parts);
    }

    @Override
    public void deadLettered(RawLogGroup group) {
        total.deadLettered(group);
        series().deadLettered.inc();
    }

    @Override
    public long deadLetterRefused() {
        return total.deadLetterRefused();
    }

    @Override
    public void dropped(RawLogGroup group) {
        total.dropped(group);
        series().dropped.inc();
    }

    @Override
    public void spilled(RawLogGroup group) {
        total.spilled(group);
    }
}
