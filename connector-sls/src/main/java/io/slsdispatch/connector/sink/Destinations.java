package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.model.LogstoreId;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Where requests go: to the target, or, once it has refused them for good, to the dead letters. */
final class Destinations {

    /** The service takes no group above this, counted before compression ("PutLogs": PostBodyTooLarge). */
    static final int MAX_GROUP_BYTES = 10 * 1024 * 1024;

    private final LogstoreId target;
    private final SlsClient client;
    private final @Nullable DeadLetters deadLetters;

    Destinations(SinkConfig config, SlsClient client) {
        this.target = config.logstore();
        this.client = client;
        LogstoreId deadLetterStore = config.rejects().deadLetter();
        this.deadLetters = deadLetterStore == null ? null : DeadLetters.in(deadLetterStore, client);
    }

    /** What the target would say to a request that need not be sent to know it; null when it must be tried. */
    @Nullable
    SlsException refusal(Put put) {
        if (put.rejection() != null || put.isList() || put.bytes() <= MAX_GROUP_BYTES) {
            return null;
        }
        return new SlsException(
                ErrorKind.TOO_LARGE,
                "PutLogs",
                target.toString(),
                -1,
                "PostBodyTooLarge",
                "",
                put.groups().get(0) + " is larger than the " + MAX_GROUP_BYTES + " bytes that the service takes",
                null);
    }

    CompletableFuture<Void> send(Put put) {
        SlsException rejection = put.rejection();
        if (rejection == null || deadLetters == null) {
            return client.put(new PutRequest(target, put.groups(), put.lane().hashKey()));
        }
        return deadLetters.store(put.groups().get(0), rejection);
    }
}
