package io.slsdispatch.connector.task;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Logs failures that repeat. The first failure of a subject is a warning of one line. While the failures continue, there
 * is another one after 10 s, then after 20 s, 40 s and so on, at most every 10 min; it counts the failures in between.
 * After 2 min without a failure, the next one is a first one again. Stack traces are logged at level DEBUG only. Safe
 * for use from many threads.
 */
@Internal
public final class FailureLog {

    private static final Duration FIRST_DISTANCE = Duration.ofSeconds(10);
    private static final Duration LONGEST_DISTANCE = Duration.ofMinutes(10);
    private static final Duration QUIET = Duration.ofMinutes(2);

    /** Subjects may contain codes from outside; further ones share one. */
    private static final int MAX_SUBJECTS = 100;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

    private static final class Subject {
        private long last;
        private long next;
        private long distance;
        private long unlogged;
    }

    private final Logger log;
    private final LongSupplier nanoTime;
    private final Map<String, Subject> subjects = new HashMap<>();

    /** @param nanoTime as {@link System#nanoTime()} */
    public FailureLog(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
    }

    /**
     * Logs a failure, if a warning about its subject is due.
     *
     * @param subject what fails; failures of different subjects are logged independently
     * @param failure for the stack trace
     * @param text what failed and why, until when it is retried, and what to do, in one line without a full stop
     */
    public void warn(String subject, @Nullable Throwable failure, Supplier<String> text) {
        long unlogged = count(subject);
        if (unlogged == 0) {
            log.warn("{}", text.get());
        } else if (unlogged > 0) {
            log.warn("{} ({} more failures since the last warning)", text.get(), unlogged);
        }
        if (failure != null && log.isDebugEnabled()) {
            log.debug("Failure of: {}", subject, failure);
        }
    }

    /** Returns the number of failures since the last warning if one is due now, otherwise -1. */
    private synchronized long count(String name) {
        long now = nanoTime.getAsLong();
        String key = subjects.containsKey(name) || subjects.size() < MAX_SUBJECTS ? name : "";
        Subject subject = subjects.get(key);
        if (subject == null || now - subject.last > QUIET.toNanos()) {
            subject = new Subject();
            subject.next = now;
            subject.distance = FIRST_DISTANCE.toNanos();
            subjects.put(key, subject);
        }
        subject.last = now;
        if (now - subject.next < 0) {
            subject.unlogged++;
            return -1;
        }
        long unlogged = subject.unlogged;
        subject.unlogged = 0;
        subject.next = now + subject.distance;
        subject.distance = Math.min(2 * subject.distance, LONGEST_DISTANCE.toNanos());
        return unlogged;
    }

    /** How long something is retried, in words; null for without a limit. */
    public static String retryingUntil(@Nullable Instant end) {
        return end == null ? "retrying until it succeeds" : "retrying until " + TIME.format(end);
    }
}
