package io.slsdispatch.soak;

import com.aliyun.openservices.log.common.Logs;
import io.slsdispatch.local.RemoteSlsLocal;
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
        Logs.LogGroup.Builder group = group("audit-large");
        for (int i = 0; i < LOGS_OF_A_LARGE_GROUP; i++) {
            group.addLogs(log(Integer.toString(i).repeat(BYTES_OF_A_LOG / 2)));
        }
        service.happen(event(shard, group));
    }

    /**
     * A write that is under way when a shard becomes read-only, and is seen only after that.
     *
     * @param operation that makes it read-only, and will be called next
     */
    void late(int shard, String operation) throws IOException {
        Map<String, Object> event = new HashMap<>(event(shard, group("late").addLogs(log("late"))));
        event.put("operation", operation);
        event.put("when", "after");
        long unused = service.addFault(event);
    }

    /** Lets the numbers in a shard's cursors jump. */
    void hole(int shard, long size) throws IOException {
        service.happen(Map.of(
                "effect", "hole", "size", size, "project", Layout.PROJECT, "logstore", Layout.SOURCE, "shard", shard));
    }

    private Logs.LogGroup.Builder group(String topic) {
        number++;
        return Logs.LogGroup.newBuilder().setTopic(topic).setSource("10.1.0." + number);
    }

    private static Logs.Log log(String text) {
        return Logs.Log.newBuilder()
                .setTime((int) (System.currentTimeMillis() / 1000))
                .addContents(Logs.Log.Content.newBuilder().setKey("text").setValue(text))
                .build();
    }

    private static Map<String, Object> event(int shard, Logs.LogGroup.Builder group) {
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
                Base64.getEncoder().encodeToString(group.build().toByteArray()));
    }
}
