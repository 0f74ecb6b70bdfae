package io.slsdispatch.local.admin;

import io.slsdispatch.local.fault.FaultJson;
import io.slsdispatch.local.service.ServerContext;
import io.slsdispatch.local.store.Checkpoint;
import io.slsdispatch.local.store.ConsumerGroup;
import io.slsdispatch.local.store.Logstore;
import io.slsdispatch.local.store.ShardLog;
import io.slsdispatch.local.wire.Cursors;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The state that the console page shows, as one JSON value. Logstores may be created and deleted while it is built, so
 * each part names its logstore and none is identified by its position.
 */
final class ConsoleState {

    private static final long SECOND = 1000;

    private final ServerContext context;
    private final InstantSource clock;

    ConsoleState(ServerContext context) {
        this.context = context;
        this.clock = context.settings().clock();
    }

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("millis", clock.millis());
        json.put("stats", context.stats().toJson(context.store()));
        json.put(
                "shards", context.store().logstores().stream().map(this::shards).toList());
        json.put(
                "groups",
                context.store().logstores().stream()
                        .flatMap(one -> groups(one).stream())
                        .toList());
        json.put(
                "faults", context.faults().list().stream().map(FaultJson::write).toList());
        return json;
    }

    /** The facts that ListShards does not return: when each shard was closed, and whose keys it took over. */
    private Map<String, Object> shards(Logstore logstore) {
        Map<String, Object> json = subject(logstore);
        json.put(
                "lives",
                logstore.shards().stream()
                        .map(shard -> Map.of(
                                "shard", shard.id(),
                                "createdMillis", shard.createdMillis(),
                                "closedMillis", shard.closedMillis(),
                                "parents", shard.parents()))
                        .toList());
        return json;
    }

    private List<Map<String, Object>> groups(Logstore logstore) {
        List<Map<String, Object>> groups = new ArrayList<>();
        for (ConsumerGroup group : logstore.consumerGroups().list()) {
            Map<String, Object> json = subject(logstore);
            json.put("group", group.name());
            json.put("order", group.order());
            json.put(
                    "shards",
                    logstore.consumerGroups().checkpoints(group.name()).entrySet().stream()
                            .map(shard -> progress(logstore, shard.getKey(), shard.getValue()))
                            .toList());
            groups.add(json);
        }
        return groups;
    }

    private static Map<String, Object> subject(Logstore logstore) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("project", logstore.project());
        json.put("logstore", logstore.name());
        return json;
    }

    private Map<String, Object> progress(Logstore logstore, int shard, Checkpoint checkpoint) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("shard", shard);
        json.put("consumer", checkpoint.consumer());
        json.put("committed", !checkpoint.cursor().isEmpty());
        Optional<ShardLog> log = logstore.log(shard);
        if (log.isPresent()) {
            long next = checkpoint.cursor().isEmpty() ? 0 : Cursors.decode(checkpoint.cursor());
            long unread = Math.max(next, log.get().begin());
            long end = log.get().end();
            json.put("lagGroups", log.get().groupsBetween(unread, end));
            json.put("lagSeconds", unread < end ? (clock.millis() - log.get().receivedMillis(unread)) / SECOND : 0);
        }
        return json;
    }
}
