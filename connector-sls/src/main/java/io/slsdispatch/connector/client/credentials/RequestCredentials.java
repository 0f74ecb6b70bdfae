package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.task.GuardedTasks;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * The credentials of the moment, for each request again: to be waited for, or without waiting for threads that must not.
 * Knows which secrets were used last, to hide them in messages. Safe for use from many threads.
 */
@Internal
public final class RequestCredentials {

    /** How long those who must not wait go on with what they have: a source may look into a file or ask an address. */
    private static final long KEEP_NANOS = Duration.ofSeconds(1).toNanos();

    private record Held(Credentials credentials, CompletableFuture<Credentials> ready, long since) {}

    private final CredentialsSource source;
    private final Executor background;

    private volatile @Nullable Held held;
    private @Nullable CompletableFuture<Credentials> fetching;

    /** @param background may be held up for as long as the source takes */
    public RequestCredentials(CredentialsSource source, Executor background) {
        this.source = source;
        this.background = background;
    }

    /** Gives them, after a wait if need be. */
    public Credentials await() throws NoCredentialsException {
        Credentials credentials = source.current();
        held = new Held(credentials, CompletableFuture.completedFuture(credentials), System.nanoTime());
        return credentials;
    }

    /** Gives them without waiting; fails with a {@link NoCredentialsException}. */
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
                    // Of any kind: whoever asks later must not wait for this one.
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

    /** When the credentials of the last request end; empty when that is not known, or never. */
    public Optional<Instant> expiration() {
        Held last = held;
        return last == null ? Optional.empty() : last.credentials().expiration();
    }

    /** How often a file or an address gave no credentials, since the start. */
    public long failures() {
        return source.failures();
    }

    /** The text without secrets, should the service repeat one. */
    public String hideIn(String text) {
        Held last = held;
        return last == null ? text : last.credentials().hideIn(text);
    }
}
