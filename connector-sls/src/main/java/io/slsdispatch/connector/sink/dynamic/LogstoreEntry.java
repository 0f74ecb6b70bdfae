package io.slsdispatch.connector.sink.dynamic;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.DynamicSinkConfig;
import io.slsdispatch.connector.config.DynamicSinkConfig.SecondWay;
import io.slsdispatch.connector.deadletter.DeadLetter.Reason;
import io.slsdispatch.connector.deadletter.DynamicReasons;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.InFlightBuffer;
import io.slsdispatch.connector.put.PutMemory;
import io.slsdispatch.connector.sink.DeadLetterQueue;
import io.slsdispatch.connector.sink.RejectHandler;
import io.slsdispatch.connector.sink.SinkParts;
import io.slsdispatch.connector.sink.TargetDelivery;
import io.slsdispatch.connector.sink.TargetDelivery.Space;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One logstore of a writer: whether it is there, and what happens to its groups.
 *
 * <ul>
 *   <li>WAITING: the directory looks for it, or creates it. Groups are held.
 *   <li>OPEN: groups go to an engine. A new logstore may refuse them for up to a minute: the engine repeats.
 *   <li>AWAY: groups take the second way at once. Meanwhile the directory looks again, at growing distance.
 * </ul>
 *
 * <p>Groups are held only before the logstore was first available, and for a limited time, which is shorter while a
 * checkpoint or a full writer waits. Task thread only.
 */
final class LogstoreEntry implements LogstoreListener.Owner {

    /** Whether the logstore is available. */
    enum Phase {
        WAITING,
        OPEN,
        AWAY
    }

    /** Twice the time that a new logstore may take until it accepts groups. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

    /** Between puts to a logstore that does not accept any yet, and between looks whether it is there. */
    private static final Duration AGAIN = Duration.ofSeconds(2);

    /** An engine without groups is closed after this time. */
    private static final Duration IDLE = Duration.ofMinutes(1);

    private final String name;
    private final DynamicParts parts;
    private final DynamicSinkConfig config;
    private final LogstoreDirectory directory;
    private final SecondWays ways;
    private final LogstoreMetrics metrics;
    private final InFlightBuffer buffer;
    private final SinkParts sink;
    private final RejectHandler rejects;
    private final Queue<RawLogGroup> held = new ArrayDeque<>();

    private Phase phase = Phase.WAITING;
    private @Nullable TargetDelivery delivery;
    private @Nullable PutMemory memory;

    /** Whether it has been there: listed before, or it has accepted groups. */
    private boolean wasThere;

    private @Nullable Long goneAt;

    /** Since when groups wait because it is not there, or does not accept any yet; null when none does. */
    private @Nullable Long notReadySince;

    private final GrowingPause look = new GrowingPause(Duration.ofSeconds(10), Duration.ofMinutes(5));
    private long lookAt;
    private SecondWay way = SecondWay.FAIL;
    private @Nullable Reason reason;
    private boolean reopens;
    private boolean isUsed;
    private long lastUsed;

    LogstoreEntry(
            String name,
            DynamicParts parts,
            LogstoreDirectory directory,
            SecondWays ways,
            @Nullable DeadLetterQueue deadLetters) {
        this.name = name;
        this.parts = parts;
        this.config = parts.config();
        this.directory = directory;
        this.ways = ways;
        LogstoreId id = new LogstoreId(config.project(), name);
        this.metrics =
                new LogstoreMetrics(parts.metrics(), () -> parts.metrics().series(name, directory.listed()));
        this.buffer = new InFlightBuffer(parts.budget(), config.drainWithin());
        this.sink = parts.of(id, id.toString(), buffer, metrics);
        this.rejects = new RejectHandler(sink, parts.clock(), deadLetters);
        this.lastUsed = now();
    }

    private long now() {
        return parts.thread().now();
    }

    Phase phase() {
        return phase;
    }

    LogstoreMetrics metrics() {
        return metrics;
    }

    /** Whether groups wait because the logstore is not ready. */
    boolean isNotReady() {
        return notReadySince != null;
    }

    /** Whether there is an engine. */
    boolean hasEngine() {
        return delivery != null;
    }

    /** Whether it was deleted, or its target has limits that the next engine must know. */
    boolean hasMemory() {
        return memory != null || goneAt != null;
    }

    long lastUsed() {
        return lastUsed;
    }

    /** Takes a group; may block while there is no space for it. */
    void write(RawLogGroup group, WriterSpace space) throws IOException, InterruptedException {
        isUsed = true;
        try {
            if (phase != Phase.OPEN) {
                // Mails run meanwhile, and may change the phase.
                space.await(buffer, group);
                InFlightBuffer second = phase == Phase.AWAY ? ways.bufferOf(way) : null;
                if (second != null) {
                    space.await(second, group);
                }
            }
            accept(group, some -> space.await(buffer, some));
        } finally {
            isUsed = false;
            lastUsed = now();
        }
    }

    private void accept(RawLogGroup group, Space space) throws IOException, InterruptedException {
        switch (phase) {
            case OPEN -> delivery().write(group, space);
            case WAITING -> {
                buffer.take(group.length(), now());
                held.add(group);
                if (notReadySince == null) {
                    notReadySince = now();
                    directory.want(name, mayCreate(), true);
                }
            }
            case AWAY -> {
                buffer.take(group.length(), now());
                lookAgain();
                secondWay(group);
            }
        }
    }

    private void lookAgain() throws IOException {
        long now = now();
        if (now - lookAt >= 0) {
            lookAt = now + look.next().toNanos();
            directory.want(name, mayCreate(), false);
        }
    }

    private boolean mayCreate() {
        Long gone = goneAt;
        return config.creates()
                && (gone == null || now() - gone >= config.recreateAfter().toNanos());
    }

    private TargetDelivery delivery() {
        TargetDelivery engine = delivery;
        if (engine == null) {
            engine = new TargetDelivery(
                    sink, config.linger(), new LogstoreListener(sink, rejects, this), rejects, memory);
            delivery = engine;
            memory = null;
        }
        return engine;
    }

    /** The directory has found or created it. */
    void exists(boolean isNew) throws IOException {
        wasThere |= !isNew;
        goneAt = null;
        if (phase == Phase.OPEN) {
            return;
        }
        if (delivery != null && !delivery.isIdle()) {
            // Requests of the engine that was given up may still be stored: later groups must not overtake them.
            reopens = true;
            return;
        }
        open();
    }

    /** Whether it exists is not known: the first put shows it. */
    void unknown() throws IOException {
        if (phase == Phase.WAITING) {
            open();
        }
    }

    private void open() throws IOException {
        closeEngine();
        phase = Phase.OPEN;
        reopens = false;
        reason = null;
        notReadySince = null;
        while (!held.isEmpty()) {
            RawLogGroup group = held.remove();
            buffer.remove(group.length());
            delivery().writeNow(group);
        }
        if (delivery != null) {
            delivery.sendNow();
        }
    }

    @Override
    public void accepted() {
        wasThere = true;
        notReadySince = null;
        look.reset();
        directory.forget(name);
    }

    @Override
    public Duration putAbsent() throws IOException {
        if (phase == Phase.OPEN) {
            long now = now();
            if (notReadySince == null) {
                notReadySince = now;
                lookAt = now;
            }
            if (now - lookAt >= 0) {
                lookAt = now + AGAIN.toNanos();
                // Only a listing confirms that a logstore is gone that was there; it is not created at once.
                directory.want(name, !wasThere && mayCreate(), true);
            }
        }
        return AGAIN;
    }

    /** The directory has not found it, and it is not created. */
    void absent() throws IOException {
        if (wasThere && phase != Phase.AWAY) {
            wasThere = false;
            goneAt = now();
            parts.metrics().deleted();
        }
        leave(goneAt == null ? DynamicReasons.MISSING : DynamicReasons.DELETED, null);
    }

    /** The service refused to create it. */
    void refused(SlsException error) throws IOException {
        leave(DynamicReasons.NOT_CREATED, error);
    }

    /** There may be no further logstore. */
    void full() throws IOException {
        leave(config.whenInvalid(), parts.messages().full(name));
    }

    private void leave(String code, @Nullable SlsException error) throws IOException {
        leave(config.whenMissing().then(), parts.messages().absence(code, name, error));
    }

    /** From now on its groups take the second way. */
    private void leave(SecondWay by, Reason why) throws IOException {
        way = by;
        reason = why;
        notReadySince = null;
        if (phase == Phase.AWAY) {
            return;
        }
        phase = Phase.AWAY;
        look.reset();
        lookAt = now() + look.next().toNanos();
        parts.messages().absent(name, why, by);
        while (!held.isEmpty()) {
            secondWay(held.remove());
        }
        if (delivery != null) {
            delivery.giveUp();
        }
    }

    @Override
    public boolean isGivenUp() {
        return phase == Phase.AWAY;
    }

    @Override
    public void secondWay(RawLogGroup group) throws IOException {
        Reason why = reason;
        if (why == null) {
            throw new IllegalStateException("a group of an available logstore takes the second way");
        }
        if (DynamicReasons.isInvalid(why)) {
            parts.metrics().invalid();
        } else {
            parts.metrics().absent();
        }
        ways.take(way, group, rejects, buffer, why);
    }

    /**
     * Ends waits that are too long, overdue requests, and an engine without groups.
     *
     * @param pressedSince since when a checkpoint or a full writer waits; null for none
     */
    void check(@Nullable Long pressedSince) throws IOException {
        long now = now();
        Long since = notReadySince;
        if (since != null && isTooLong(since, pressedSince, now)) {
            leave(DynamicReasons.NOT_READY, null);
        }
        TargetDelivery engine = delivery;
        if (engine == null) {
            return;
        }
        engine.check();
        if (engine.isIdle() && !isUsed) {
            if (reopens) {
                open();
            } else if (phase == Phase.AWAY || now - lastUsed >= IDLE.toNanos()) {
                closeEngine();
            }
        }
    }

    private boolean isTooLong(long since, @Nullable Long pressedSince, long now) {
        Duration most = config.createWithin().compareTo(LONGEST_WAIT) > 0 ? config.createWithin() : LONGEST_WAIT;
        return now - since >= most.toNanos()
                || (pressedSince != null
                        && now - pressedSince >= config.createWithin().toNanos());
    }

    private void closeEngine() {
        TargetDelivery engine = delivery;
        if (engine != null) {
            memory = engine.memory();
            engine.close();
            delivery = null;
        }
    }

    /** Whether everything is settled. */
    boolean isIdle() {
        return !isUsed && held.isEmpty() && buffer.groups() == 0 && (delivery == null || delivery.isIdle());
    }

    /** Does something with the engine, if there is one. */
    void engine(Consumer<TargetDelivery> action) {
        if (delivery != null) {
            action.accept(delivery);
        }
    }

    /** Describes the pending requests in words. */
    String describe() {
        return name + ": " + (delivery == null ? held.size() + " groups are held" : delivery.describe());
    }

    /** The writer forgets it; only when everything is settled. */
    void forget() {
        close();
        directory.forget(name);
        metrics.forget(now());
    }

    /** Stops sending, and ignores all answers from now on. */
    void close() {
        if (delivery != null) {
            delivery.close();
        }
    }
}
