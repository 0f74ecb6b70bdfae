package io.slsdispatch.soak;

import static io.slsdispatch.testing.LogGroupBuilder.logGroup;

import io.slsdispatch.local.RemoteSlsLocal;
import io.slsdispatch.testing.LogGroupBuilder;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** Groups that get into the source on other ways than by a put. Each is different from all others. */
final class Appends {

    private static final int LOGS_OF_A_LARGE_GROUP = 12;
    private static final int BYTES_OF_A_LOG = 1_000_000;

    private final RemoteSlsLocal service;
    private int number;

    Appends(RemoteSlsLocal service) {
        this.service = service;
    }

    /** A group that has to be split, of a topic that goes to the target whose order is checked. */
    void large(int shard) throws IOException {
        LogGroupBuilder group = logGroup();
        for (int i = 0; i < LOGS_OF_A_LARGE_GROUP; i++) {
            group.log(now(), "text", Integer.toString(i).repeat(BYTES_OF_A_LOG / 2));
        }
        service.happen(event(shard, group, "audit-large"));
    }

    /**
     * A write that is under way when a shard becomes read-only, and is seen only after that.
     *
     * @param operation that makes it read-only, and will be called next
     */
    void late(int shard, String operation) throws IOException {
        Map<String, Object> event = new HashMap<>(event(shard, logGroup().log(now(), "text", "late"), "late"));
        event.put("operation", operation);
        event.put("when", "after");
        long unused = service.addFault(event);
    }

    /** Lets the numbers in a shard's cursors jump. */
    void hole(int shard, long size) throws IOException {
        service.happen(Map.of(
                "effect", "hole", "size", size, "project", Layout.PROJECT, "logstore", Layout.SOURCE, "shard", shard));
    }

    private static int now() {
        return (int) (System.currentTimeMillis() / 1000);
    }

    private Map<String, Object> event(int shard, LogGroupBuilder logs, String topic) {
        number++;
        byte[] group = logs.topic(topic).source("10.1.0." + number).toBytes();
        return Map.of(
                "effect",
                "append",
                "project",
                Layout.PROJECT,
                "logstore",
                Layout.SOURCE,
                "shard",
                shard,
                "group",
                Base64.getEncoder().encodeToString(group));
    }
}
