package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Takes groups that their target will never take. */
@FunctionalInterface
interface DeadLetters {

    /**
     * Stores a group for good. Like {@link SlsClient#put}: may fail with a {@link SlsException}, and is called again
     * then.
     */
    CompletableFuture<Void> store(RawLogGroup group, SlsException reason);

    /** Writes them to a logstore, bytes unchanged. */
    static DeadLetters in(LogstoreId logstore, SlsClient client) {
        return (group, reason) -> client.put(new PutRequest(logstore, List.of(group), null));
    }
}
