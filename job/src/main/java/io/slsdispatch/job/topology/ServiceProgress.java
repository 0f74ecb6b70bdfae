package io.slsdispatch.job.topology;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.sdk.SdkClients;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.job.dispatch.ReplayProgress;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The progress that the job itself shows in its consumer group after each checkpoint. */
record ServiceProgress(ConnectionConfig connection, LogstoreId logstore, String consumerGroup)
        implements ReplayProgress {

    @Override
    public Instant now() throws IOException {
        try (SlsClient client = new SdkClients(connection).create()) {
            Instant latest = Instant.now();
            List<Shard> shards = client.listShards(logstore);
            if (!shards.isEmpty()) {
                int shard = shards.get(0).id();
                // The end of a shard has no group yet: the service answers with its own time.
                Instant theirs = client.cursorTime(logstore, shard, end(client, shard));
                latest = theirs.isAfter(latest) ? theirs : latest;
            }
            return latest;
        } catch (SlsException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public boolean isDeliveredUpTo(Instant receipt) throws IOException {
        try (SlsClient client = new SdkClients(connection).create()) {
            Map<Integer, String> delivered = client.consumerGroupCursors(logstore, consumerGroup);
            for (Shard shard : client.listShards(logstore)) {
                if (!isDeliveredUpTo(receipt, shard.id(), delivered.getOrDefault(shard.id(), ""), client)) {
                    return false;
                }
            }
            return true;
        } catch (SlsException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private boolean isDeliveredUpTo(Instant receipt, int shard, String delivered, SlsClient client)
            throws SlsException {
        String end = end(client, shard);
        if (delivered.equals(end)
                || client.cursor(logstore, shard, new CursorOrigin.Begin()).equals(end)) {
            return true;
        }
        return !delivered.isEmpty()
                && client.cursorTime(logstore, shard, delivered).isAfter(receipt);
    }

    private String end(SlsClient client, int shard) throws SlsException {
        return client.cursor(logstore, shard, new CursorOrigin.End());
    }
}
