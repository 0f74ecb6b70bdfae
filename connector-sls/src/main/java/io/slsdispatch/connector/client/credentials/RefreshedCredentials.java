package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.client.http.Deadline;
import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.connector.task.FailureLog;
import io.slsdispatch.connector.task.GuardedTasks;
import io.slsdispatch.connector.text.ReportedCause;
import io.slsdispatch.connector.text.Secrets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Caches credentials that are slow to fetch, and fetches new ones in the background well before they expire. A caller
 * waits for a fetch only when there are no valid credentials. At most one fetch is pending.
 *
 * <p>Every fetch ends: with its result, with any exception, an {@link Error} included, or because it takes longer than
 * {@link #GIVE_UP_AFTER}. A failed fetch is counted, and the next one may start after a pause that doubles with each
 * failure in a row. Without valid credentials, there is no pause after the first failure.
 */
final class RefreshedCredentials implements CredentialsSource {

    private static final Logger LOG = LoggerFactory.getLogger(RefreshedCredentials.class);

    /**
     * Temporary credentials of the cloud are valid for an hour or more; shorter ones are renewed in their last third.
     */
    private static final Duration MAX_MARGIN = Duration.ofMinutes(10);

    private static final int MARGIN_FRACTION = 3;
    private static final Duration RENEW_LASTING_AFTER = Duration.ofMinutes(5);

    /** Maximum pause after a failure. While the current credentials are valid, every pause has this length. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final int MAX_DOUBLINGS = 4;

    /** Of all requests of one fetch together. */
    private static final Duration TIME_LIMIT = Duration.ofSeconds(10);

    /** More than the steps in which a clock is usually adjusted. */
    private static final Duration SET_BACK = Duration.ofMinutes(1);

    /** A little longer than a fetch, whose own message says which step took too long. */
    private static final Duration WAIT_LIMIT = TIME_LIMIT.plusSeconds(1);

    /** Longer than any fetch should take: a name look-up may take longer than the time limit of the fetch. */
    private static final Duration GIVE_UP_AFTER = TIME_LIMIT.multipliedBy(2);

    private record Fetched(Credentials credentials, Instant at, Instant renewAt) {}

    private record Pending(CompletableFuture<Credentials> result, Instant since) {}

    private final String origin;
    private final CredentialsFetch fetch;
    private final Executor background;
    private final Clock clock;
    private final FailureLog log = new FailureLog(LOG, System::nanoTime);

    private @Nullable Fetched last;
    private @Nullable Pending pending;
    private int failuresInARow;
    private Instant retryAt = Instant.MIN;
    private String reason = "";
    private volatile long failures;

    /**
     * Creates a cache.
     *
     * @param origin for messages
     * @param fetch slow
     */
    RefreshedCredentials(String origin, CredentialsFetch fetch, Executor background, Clock clock) {
        this.origin = origin;
        this.fetch = fetch;
        this.background = background;
        this.clock = clock;
    }

    @Override
    public Credentials current() throws NoCredentialsException {
        CompletableFuture<Credentials> fetching;
        synchronized (this) {
            Instant now = clock.instant();
            fetching = renewWhenDue(now);
            Optional<Credentials> valid = validAt(now);
            if (valid.isPresent()) {
                return valid.get();
            }
            if (fetching == null) {
                throw new NoCredentialsException(reason);
            }
        }
        return await(fetching);
    }

    @Override
    public synchronized Optional<Credentials> available() {
        Instant now = clock.instant();
        CompletableFuture<Credentials> unused = renewWhenDue(now);
        return validAt(now);
    }

    private Optional<Credentials> validAt(Instant now) {
        return Optional.ofNullable(last).map(Fetched::credentials).filter(credentials -> !credentials.isExpiredAt(now));
    }

    /** Returns the pending fetch; null when it is not time for one, or the last failure was too short a time ago. */
    private @Nullable CompletableFuture<Credentials> renewWhenDue(Instant now) {
        Fetched fetched = last;
        if (fetched != null
                && now.isBefore(fetched.renewAt())
                && !isSetBack(fetched, now)
                && !fetched.credentials().isExpiredAt(now)) {
            return null;
        }
        giveUpWhenOverdue(now);
        Pending running = pending;
        if (running != null) {
            return running.result();
        }
        return isPausing(now) ? null : startFetch(now);
    }

    @Override
    public long failures() {
        return failures;
    }

    /** The end is a time of the clock before it was set back: the credentials may end earlier than it says. */
    private static boolean isSetBack(Fetched fetched, Instant now) {
        return now.isBefore(fetched.at().minus(SET_BACK));
    }

    /** Setting the clock back does not prolong a pause. */
    private boolean isPausing(Instant now) {
        return failuresInARow > 0 && now.isBefore(retryAt) && now.isAfter(retryAt.minus(RETRY_AFTER.multipliedBy(2)));
    }

    private void giveUpWhenOverdue(Instant now) {
        Pending running = pending;
        if (running != null && (now.isAfter(running.since().plus(GIVE_UP_AFTER)) || now.isBefore(running.since()))) {
            failed(
                    running,
                    new NoCredentialsException("credentials from " + origin + " were not received within "
                            + Durations.text(GIVE_UP_AFTER)));
        }
    }

    private CompletableFuture<Credentials> startFetch(Instant now) {
        Pending started = new Pending(new CompletableFuture<>(), now);
        pending = started;
        GuardedTasks.execute(
                background,
                () -> fetched(started, valid(fetch.fetch(Deadline.after(TIME_LIMIT)))),
                failure -> failed(started, failure));
        return started.result();
    }

    /** Refuses credentials that have expired: the earlier ones may be better. */
    private Credentials valid(Credentials credentials) throws NoCredentialsException {
        if (credentials.isExpiredAt(clock.instant())) {
            throw new NoCredentialsException("credentials from " + origin + " had expired when they were received: "
                    + credentials + "; is the clock of this machine correct?");
        }
        return credentials;
    }

    private void fetched(Pending ended, Credentials credentials) {
        synchronized (this) {
            // A fetch that was abandoned may be older than a later result.
            if (ended.equals(pending)) {
                pending = null;
                Instant now = clock.instant();
                last = new Fetched(credentials, now, renewAt(credentials, now));
                failuresInARow = 0;
            }
        }
        ended.result().complete(credentials);
    }

    private void failed(Pending ended, Throwable failure) {
        boolean isClosed = failure instanceof RejectedExecutionException;
        synchronized (this) {
            if (ended.equals(pending)) {
                pending = null;
                if (!isClosed) {
                    pause(failure);
                }
            }
        }
        ended.result().completeExceptionally(isClosed ? new NoCredentialsException("the client is closed") : failure);
    }

    private synchronized void pause(Throwable failure) {
        failures++;
        failuresInARow++;
        reason = failure instanceof NoCredentialsException
                ? String.valueOf(failure.getMessage())
                : "credentials from " + origin + " cannot be fetched: " + ReportedCause.of(failure, Secrets.NONE);
        Instant now = clock.instant();
        Fetched kept = last;
        if (kept != null && !kept.credentials().isExpiredAt(now)) {
            Instant next = now.plus(RETRY_AFTER);
            Instant end = kept.credentials().expiration().orElse(Instant.MAX);
            String why = reason;
            log.warn(
                    "renewal",
                    null,
                    () -> "Renewing the credentials fails; retrying every " + Durations.text(RETRY_AFTER) + ", and "
                            + kept.credentials() + " from " + origin + " are used meanwhile. Check that source. "
                            + why);
            retryAt = next.isBefore(end) ? next : end;
        } else {
            int doublings = Math.min(failuresInARow - 2, MAX_DOUBLINGS);
            Duration pause = doublings < 0 ? Duration.ZERO : FIRST_PAUSE.multipliedBy(1L << doublings);
            retryAt = now.plus(pause.compareTo(RETRY_AFTER) < 0 ? pause : RETRY_AFTER);
        }
    }

    private static Instant renewAt(Credentials credentials, Instant now) {
        if (credentials.expiration().isEmpty()) {
            return now.plus(RENEW_LASTING_AFTER);
        }
        Instant end = credentials.expiration().get();
        Duration margin = Duration.between(now, end).dividedBy(MARGIN_FRACTION);
        return end.minus(margin.compareTo(MAX_MARGIN) < 0 ? margin : MAX_MARGIN);
    }

    private Credentials await(CompletableFuture<Credentials> fetching) throws NoCredentialsException {
        try {
            return fetching.get(WAIT_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NoCredentialsException none) {
                throw none;
            }
            throw new NoCredentialsException("credentials from " + origin + " cannot be fetched: "
                    + ReportedCause.of(e.getCause(), Secrets.NONE));
        } catch (TimeoutException e) {
            throw new NoCredentialsException(
                    "credentials from " + origin + " were not received within " + Durations.text(WAIT_LIMIT));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoCredentialsException("interrupted while waiting for credentials from " + origin);
        }
    }
}
