package io.slsdispatch.bench;

import com.aliyun.openservices.log.Client;
import com.aliyun.openservices.log.common.Consts.CompressType;
import com.aliyun.openservices.log.common.Consts.CursorMode;
import com.aliyun.openservices.log.common.FastLog;
import com.aliyun.openservices.log.common.FastLogContent;
import com.aliyun.openservices.log.common.FastLogGroup;
import com.aliyun.openservices.log.common.LogGroupData;
import com.aliyun.openservices.log.common.LogItem;
import com.aliyun.openservices.log.exception.LogException;
import com.aliyun.openservices.log.request.PullLogsRequest;
import com.aliyun.openservices.log.request.PutLogsRequest;
import com.aliyun.openservices.log.response.PullLogsResponse;
import io.slsdispatch.demo.SlsLocalProcess;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a connector does that passes on single logs: it decodes each one, and the producer library gathers those of one
 * target and topic until there are 512 KB or 4096 logs, and encodes them as a new group. The groups of the source, their
 * tags and their boundaries are gone; larger groups compress better, and take fewer requests.
 */
final class RegroupLoop {

    private static final int GROUPS_PER_PULL = 1000;

    /** The defaults of the official producer library (ProducerConfig.java). */
    private static final int BATCH_BYTES = 512 * 1024;

    private static final int BATCH_LOGS = 4096;

    private final Client client;
    private final CompressType compression;
    private final Map<String, Batch> batches = new HashMap<>();

    private RegroupLoop(Client client, CompressType compression) {
        this.client = client;
        this.compression = compression;
    }

    /** Logs that wait for more. */
    private static final class Batch {

        private final List<LogItem> logs = new ArrayList<>();
        private String source = "";
        private int bytes;
    }

    /** @param args address of SLS Local, logstore, number of shards, compression */
    public static void main(String[] args) throws LogException {
        new RegroupLoop(SdkLoop.client(args[0]), CompressType.fromString(args[3]))
                .run(args[1], Integer.parseInt(args[2]));
    }

    /** Until the process is ended. */
    @SuppressWarnings("InfiniteLoopStatement")
    private void run(String source, int shards) throws LogException {
        String[] cursors = new String[shards];
        for (int shard = 0; shard < shards; shard++) {
            cursors[shard] = client.GetCursor(SlsLocalProcess.PROJECT, source, shard, CursorMode.BEGIN)
                    .GetCursor();
        }
        while (true) {
            for (int shard = 0; shard < shards; shard++) {
                PullLogsRequest pull =
                        new PullLogsRequest(SlsLocalProcess.PROJECT, source, shard, GROUPS_PER_PULL, cursors[shard]);
                pull.setCompressType(compression);
                PullLogsResponse pulled = client.pullLogs(pull);
                for (LogGroupData data : pulled.getLogGroups()) {
                    gather(data.GetFastLogGroup());
                }
                cursors[shard] = pulled.getNextCursor();
            }
        }
    }

    private void gather(FastLogGroup group) throws LogException {
        String topic = group.getTopic();
        Batch batch = batches.computeIfAbsent(topic, any -> new Batch());
        for (int i = 0; i < group.getLogsCount(); i++) {
            FastLog log = group.getLogs(i);
            if (batch.bytes + log.getByteSize() > BATCH_BYTES || batch.logs.size() == BATCH_LOGS) {
                send(topic, batch);
            }
            batch.source = group.getSource();
            batch.bytes += log.getByteSize();
            batch.logs.add(decoded(log));
        }
    }

    private static LogItem decoded(FastLog log) {
        LogItem item = new LogItem(log.getTime());
        for (int i = 0; i < log.getContentsCount(); i++) {
            FastLogContent content = log.getContents(i);
            item.PushBack(content.getKey(), content.getValue());
        }
        return item;
    }

    private void send(String topic, Batch batch) throws LogException {
        for (String target : Topics.TARGETS) {
            if (topic.startsWith(target)) {
                PutLogsRequest put = new PutLogsRequest(
                        SlsLocalProcess.PROJECT, target, topic, batch.source, new ArrayList<>(batch.logs));
                put.setCompressType(compression);
                client.PutLogs(put);
            }
        }
        batch.logs.clear();
        batch.bytes = 0;
    }
}
