package io.slsdispatch.connector.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** Waits for futures of {@link SlsClient}, for callers that cannot continue without the answer. */
@Internal
public final class SlsFutures {

    private SlsFutures() {}

    /**
     * Waits for the answer to a call of {@link SlsClient}. When the waiting thread is interrupted, the call is
     * cancelled; it may have taken effect.
     *
     * @throws SlsException the failure of the call
     */
    public static <T extends @Nullable Object> T await(CompletableFuture<T> answer)
            throws SlsException, InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SlsException failure) {
                throw failure;
            }
            throw new IllegalStateException(
                    "a call failed with an error that did not come from the service", e.getCause());
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        }
    }
}
