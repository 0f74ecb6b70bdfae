package io.slsdispatch.job.rules.reload;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.connection.SlsClients;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.Shard;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Progress that the job commits to its consumer group after each checkpoint. */
public record ConsumerGroupProgress(ConnectionConfig connection, LogstoreId logstore, String consumerGroup)
        implements ReplayProgress {

    /** The service consists of many machines, and reports its time in whole seconds. */
    private static final Duration PRECISION = Duration.ofSeconds(3);

    @Override
    public Instant now() throws IOException {
        try (SlsClient client = new SlsClients(connection).create()) {
            List<Shard> shards = client.listShards(logstore);
            // The clock of this machine may be wrong, and the service's time is in whole seconds: the result must not
            // be
            // earlier than the last receive time.
            Instant latest =
                    client.serviceTime().map(time -> time.plus(PRECISION)).orElseGet(Instant::now);
            for (Shard shard : shards) {
                String end = end(client, shard.id());
                if (!isEmpty(client, shard.id(), end)) {
                    Instant last = client.cursorTime(logstore, shard.id(), end);
                    latest = last.isAfter(latest) ? last : latest;
                }
            }
            return latest;
        } catch (SlsException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public boolean isDeliveredUpTo(Instant receipt) throws IOException {
        try (SlsClient client = new SlsClients(connection).create()) {
            Map<Integer, String> delivered = client.consumerGroupCursors(logstore, consumerGroup);
            List<Shard> shards = client.listShards(logstore);
            for (Shard shard : shards) {
                if (!isDeliveredUpTo(receipt, shard.id(), delivered.getOrDefault(shard.id(), ""), client)) {
                    return false;
                }
            }
            // A logstore always has shards: an empty list is not an answer.
            return !shards.isEmpty();
        } catch (SlsException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private boolean isDeliveredUpTo(Instant receipt, int shard, String delivered, SlsClient client)
            throws SlsException {
        String end = end(client, shard);
        if (Cursor.same(delivered, end) || isEmpty(client, shard, end)) {
            return true;
        }
        return !delivered.isEmpty()
                && client.cursorTime(logstore, shard, delivered).isAfter(receipt);
    }

    private boolean isEmpty(SlsClient client, int shard, String end) throws SlsException {
        return Cursor.same(client.cursor(logstore, shard, new CursorOrigin.Begin()), end);
    }

    private String end(SlsClient client, int shard) throws SlsException {
        return client.cursor(logstore, shard, new CursorOrigin.End());
    }
}
