package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.task.GuardedTasks;
import io.slsdispatch.connector.text.Secrets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Provides the current credentials for each request: blocking, or asynchronously for threads that must not wait.
 * Remembers the secrets used last, to hide them in messages. Safe for use from many threads.
 */
@Internal
public final class RequestCredentials {

    /** How long threads that must not wait use cached credentials: a source may read a file or query a URI. */
    private static final long KEEP_NANOS = Duration.ofSeconds(1).toNanos();

    /** More than are in use while credentials are replaced. */
    private static final int REMEMBERED = 4;

    private record Held(Credentials credentials, CompletableFuture<Credentials> ready, long since) {}

    private final CredentialsSource source;
    private final Executor background;

    private volatile @Nullable Held held;
    private volatile Secrets secrets = Secrets.NONE;
    private final Deque<Credentials> used = new ArrayDeque<>();
    private @Nullable CompletableFuture<Credentials> fetching;
    private Secrets others = Secrets.NONE;

    /** @param background may be blocked for as long as the source takes */
    public RequestCredentials(CredentialsSource source, Executor background) {
        this.source = source;
        this.background = background;
    }

    /** The current credentials, after a wait if necessary. */
    public Credentials await() throws NoCredentialsException {
        Credentials credentials = source.current();
        remember(credentials);
        held = new Held(credentials, CompletableFuture.completedFuture(credentials), System.nanoTime());
        return credentials;
    }

    private void remember(Credentials credentials) {
        Held last = held;
        if (last != null && last.credentials().equals(credentials)) {
            return;
        }
        synchronized (used) {
            used.remove(credentials);
            used.addFirst(credentials);
            if (used.size() > REMEMBERED) {
                used.removeLast();
            }
            secrets = used.stream().map(Credentials::secrets).reduce(others, Secrets::and);
        }
    }

    /** Also hides these secrets, such as those of a proxy. To be called before the first request. */
    public void alsoHide(Secrets moreSecrets) {
        synchronized (used) {
            others = others.and(moreSecrets);
            secrets = secrets.and(moreSecrets);
        }
    }

    /** The current credentials without waiting; the future fails with a {@link NoCredentialsException}. */
    public CompletableFuture<Credentials> current() {
        Held last = held;
        if (last != null
                && System.nanoTime() - last.since() < KEEP_NANOS
                && !last.credentials().isExpiredAt(Instant.now())) {
            return last.ready();
        }
        CompletableFuture<Credentials> fetch;
        synchronized (this) {
            if (fetching != null) {
                return fetching;
            }
            fetch = new CompletableFuture<>();
            fetching = fetch;
        }
        GuardedTasks.execute(
                background,
                () -> {
                    Credentials credentials = await();
                    end(fetch);
                    fetch.complete(credentials);
                },
                failure -> {
                    // Any exception: later callers must not wait for this fetch.
                    end(fetch);
                    fetch.completeExceptionally(
                            failure instanceof RejectedExecutionException
                                    ? new NoCredentialsException("the client is closed")
                                    : failure);
                });
        return fetch;
    }

    private synchronized void end(CompletableFuture<Credentials> fetch) {
        if (fetching == fetch) {
            fetching = null;
        }
    }

    /** When the credentials of the last request expire; empty when that is unknown, or never. */
    public Optional<Instant> expiration() {
        Held last = held;
        return last == null ? Optional.empty() : last.credentials().expiration();
    }

    /** The number of failed attempts to get credentials, since the start. */
    public long failures() {
        return source.failures();
    }

    /** The secrets of recent requests, to hide them in external texts: an answer may repeat one that was replaced. */
    public Secrets secrets() {
        return secrets;
    }
}
