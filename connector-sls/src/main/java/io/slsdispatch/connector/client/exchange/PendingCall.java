package io.slsdispatch.connector.client.exchange;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.task.GuardedTasks;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call, from its start until it ends: by its answer, a failure, its deadline, its cancellation or the closing of
 * the client, whichever comes first.
 */
@Internal
public class PendingCall<T> {

    private static final Logger LOG = LoggerFactory.getLogger(PendingCall.class);

    private final String operation;
    private final String target;
    private final CompletableFuture<T> result = new CompletableFuture<>();

    /**
     * Creates a call.
     *
     * @param operation the name of the API call
     * @param target the object of the call
     */
    protected PendingCall(String operation, String target) {
        this.operation = operation;
        this.target = target;
    }

    /** A call that failed before it started. */
    public static <T> PendingCall<T> failed(SlsException reason) {
        PendingCall<T> call = new PendingCall<>(reason.operation(), reason.target());
        call.result.completeExceptionally(reason);
        return call;
    }

    /** Completes when the call ends. Completing it from outside, or cancelling it, ends the call. */
    public final CompletableFuture<T> result() {
        return result;
    }

    /** Runs an action when the call ends for any reason; at once when it has ended. */
    public final void whenEnded(Runnable action) {
        GuardedTasks.whenDone(
                result,
                (value, failure) -> action.run(),
                fault -> LOG.error("Releasing the resources of {} on {} failed", operation, target, fault));
    }

    /**
     * Waits for the result. The limit applies only when the call does not end by its own deadline. An interrupt ends
     * the call, and the thread stays interrupted.
     *
     * @throws SlsException the failure of the call
     */
    public final T await(Duration limit) throws SlsException {
        try {
            return result.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail("Interrupted", "the waiting thread was interrupted");
            throw noAnswer("Interrupted", "interrupted while waiting", e);
        } catch (TimeoutException e) {
            fail("TimedOut", "not completed by its deadline");
            throw noAnswer("TimedOut", "not completed by its deadline", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SlsException failure) {
                throw failure;
            }
            throw new IllegalStateException(operation + " on " + target + " failed", e.getCause());
        }
    }

    /** Ends the call without an answer. */
    public final void fail(String errorCode, String message) {
        fail(noAnswer(errorCode, message, null));
    }

    private SlsException noAnswer(String errorCode, String message, @Nullable Throwable cause) {
        return new SlsException(ErrorKind.UNAVAILABLE, operation, target, -1, errorCode, "", message, cause);
    }

    /** Ends the call. */
    protected final void fail(SlsException reason) {
        result.completeExceptionally(reason);
    }
}
