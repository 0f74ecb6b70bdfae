package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.client.Credentials;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
 * Keeps credentials that are slow to fetch, and fetches new ones in the background well before they expire. Only who
 * asks when there are none, or none that still work, waits for a fetch. At most one is under way.
 */
final class RefreshedCredentials implements CredentialsSource {

    private static final Logger LOG = LoggerFactory.getLogger(RefreshedCredentials.class);

    /** Temporary credentials of the cloud live for an hour or more; shorter ones are renewed in their last third. */
    private static final Duration MAX_MARGIN = Duration.ofMinutes(10);

    private static final int MARGIN_FRACTION = 3;
    private static final Duration RENEW_LASTING_AFTER = Duration.ofMinutes(5);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    private record Fetched(Credentials credentials, Instant renewAt) {}

    private final String origin;
    private final CredentialsSource fetch;
    private final Executor background;
    private final Clock clock;

    private @Nullable Fetched last;
    private @Nullable CompletableFuture<Credentials> underWay;

    /**
     * @param origin for messages
     * @param fetch slow, but ends
     */
    RefreshedCredentials(String origin, CredentialsSource fetch, Executor background, Clock clock) {
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
            Fetched fetched = last;
            if (fetched != null && now.isBefore(fetched.renewAt())) {
                return fetched.credentials();
            }
            fetching = underWay == null ? startFetch() : underWay;
            if (fetched != null && !fetched.credentials().isExpiredAt(now)) {
                return fetched.credentials();
            }
        }
        return await(fetching);
    }

    private CompletableFuture<Credentials> startFetch() {
        CompletableFuture<Credentials> fetching = new CompletableFuture<>();
        underWay = fetching;
        try {
            background.execute(() -> fetch(fetching));
        } catch (RejectedExecutionException e) {
            underWay = null;
            fetching.completeExceptionally(new NoCredentialsException("the client is closed"));
        }
        return fetching;
    }

    private void fetch(CompletableFuture<Credentials> fetching) {
        try {
            Credentials credentials = fetch.current();
            synchronized (this) {
                last = new Fetched(credentials, renewAt(credentials, clock.instant()));
                underWay = null;
            }
            fetching.complete(credentials);
        } catch (NoCredentialsException | RuntimeException e) {
            synchronized (this) {
                underWay = null;
                postpone(e);
            }
            fetching.completeExceptionally(e);
        }
    }

    /** Those that still work are kept for a while before the next attempt. */
    private void postpone(Exception reason) {
        Fetched fetched = last;
        if (fetched != null) {
            LOG.warn(
                    "Going on with {} from {}, which cannot be renewed: {}",
                    fetched.credentials(),
                    origin,
                    reason.toString());
            Instant next = clock.instant().plus(RETRY_AFTER);
            Instant end = fetched.credentials().expiration().orElse(Instant.MAX);
            last = new Fetched(fetched.credentials(), next.isBefore(end) ? next : end);
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
            return fetching.get(UriFetch.TIME_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NoCredentialsException none) {
                throw none;
            }
            throw new NoCredentialsException("credentials " + origin + " cannot be fetched: " + e.getCause());
        } catch (TimeoutException e) {
            throw new NoCredentialsException("credentials " + origin + " did not come in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoCredentialsException("interrupted while waiting for credentials " + origin);
        }
    }
}
