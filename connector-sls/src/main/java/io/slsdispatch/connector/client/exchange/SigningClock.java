package io.slsdispatch.connector.client.exchange;

import io.slsdispatch.connector.config.Durations;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time with which requests are signed: that of the local clock, or, after the service has refused a request for its
 * time, the time in that answer plus the time elapsed since then by a monotonic clock. Loongcollector does the same
 * (SLSResponse.cpp, FlusherSLS.cpp). A correction of the local clock therefore does not disturb requests, and the first
 * request after it uses the local clock again.
 *
 * <p>An answer may be wrong, or its sender hostile. A time is learnt only from a refusal that it explains, at most
 * {@link #MAX_DIFFERENCE} from the local clock, and not again for a while, which grows as long as no request is
 * accepted with a learnt time. If the service refuses a learnt time, the local clock is used again.
 *
 * <p>Safe for use from many threads.
 */
final class SigningClock {

    private static final Logger LOG = LoggerFactory.getLogger(SigningClock.class);

    /**
     * More than any time zone or a wrong day. A clock that differs by more is broken, and a request that is signed for
     * a far future could be replayed then.
     */
    static final Duration MAX_DIFFERENCE = Duration.ofDays(2);

    /** Below this difference the clocks agree: the service tolerates 15 min (help page "Error codes"). */
    static final Duration AGREEMENT = Duration.ofMinutes(1);

    /** How long after a time was learnt none is learnt again, at first. */
    static final Duration FIRST_PAUSE = Duration.ofSeconds(30);

    /** The pause that is reached as long as learnt times are refused. */
    static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    /**
     * A time to sign a request with.
     *
     * @param state which clock it comes from
     */
    record Reading(Instant time, Object state) {}

    /** Which clock is used: a new object after each change, compared by identity. */
    private static final class State {

        private final @Nullable Instant learnt;
        private final long at;

        /**
         * @param learnt the service's time; null while the local clock is used
         * @param at when it was learnt, as {@link System#nanoTime()}
         */
        State(@Nullable Instant learnt, long at) {
            this.learnt = learnt;
            this.at = at;
        }

        @Nullable
        Instant learnt() {
            return learnt;
        }

        long at() {
            return at;
        }
    }

    private final String service;
    private final Clock local;
    private final LongSupplier nanoTime;
    private volatile State state = new State(null, 0);
    private volatile boolean confirmed = true;
    private boolean everLearnt;
    private long lastLearnt;
    private Duration pause = FIRST_PAUSE;

    /**
     * Creates a clock that is the local one until the service refuses a request for its time.
     *
     * @param service for messages
     * @param nanoTime as {@link System#nanoTime()}
     */
    SigningClock(String service, Clock local, LongSupplier nanoTime) {
        this.service = service;
        this.local = local;
        this.nanoTime = nanoTime;
    }

    /** The time with which the next request is signed. */
    Reading read() {
        State current = state;
        Instant here = local.instant();
        if (current.learnt() == null) {
            return new Reading(here, current);
        }
        Instant there = current.learnt().plusNanos(nanoTime.getAsLong() - current.at());
        Duration difference = Duration.between(here, there).abs();
        if (difference.compareTo(AGREEMENT) >= 0 && difference.compareTo(MAX_DIFFERENCE) <= 0) {
            return new Reading(there, current);
        }
        useLocal(current, "the clock of this machine was corrected");
        return new Reading(here, state);
    }

    /** By how much requests are signed ahead of the local clock; zero while the local clock is used. */
    Duration offset() {
        Reading reading = read();
        return ((State) reading.state()).learnt() == null
                ? Duration.ZERO
                : Duration.between(local.instant(), reading.time());
    }

    /** The service accepted a request. */
    void accepted(Reading signed) {
        if (!confirmed && signed.state() == state) {
            confirm();
        }
    }

    private synchronized void confirm() {
        confirmed = true;
        pause = FIRST_PAUSE;
    }

    /**
     * The service refused a request for its time.
     *
     * @param signed with which the request was signed
     * @param answered the time in the answer; empty when it has none
     * @return whether a request would be signed with another time now
     */
    synchronized boolean refused(Reading signed, Optional<Instant> answered) {
        State current = state;
        if (signed.state() != current) {
            return true;
        }
        long now = nanoTime.getAsLong();
        boolean mayLearn = !everLearnt || now - lastLearnt >= pause.toNanos();
        if (mayLearn && answered.isPresent() && explains(signed.time(), answered.get())) {
            learn(answered.get(), now);
            return true;
        }
        if (current.learnt() != null) {
            useLocal(current, "the service rejects the time that it sent itself");
            return true;
        }
        return false;
    }

    private boolean explains(Instant signed, Instant answered) {
        return Duration.between(signed, answered).abs().compareTo(AGREEMENT) >= 0
                && Duration.between(local.instant(), answered).abs().compareTo(MAX_DIFFERENCE) <= 0;
    }

    private void learn(Instant time, long now) {
        if (confirmed) {
            pause = FIRST_PAUSE;
        } else {
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        }
        everLearnt = true;
        lastLearnt = now;
        confirmed = false;
        state = new State(time, now);
        Duration ahead =
                Duration.ofSeconds(Duration.between(time, local.instant()).toSeconds());
        LOG.warn(
                "The clock of this machine is {} {} that of {}, which refused a request for this. From now on, requests"
                        + " are signed with the service's time. Correct the clock of this machine",
                Durations.text(ahead.abs()),
                ahead.isNegative() ? "behind" : "ahead of",
                service);
    }

    private synchronized void useLocal(State instead, String reason) {
        if (state.equals(instead)) {
            state = new State(null, 0);
            LOG.warn("Requests to {} are signed with the local clock again: {}", service, reason);
        }
    }
}
