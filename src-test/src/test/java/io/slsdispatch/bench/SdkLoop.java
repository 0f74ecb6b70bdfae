package io.slsdispatch.bench;

import com.aliyun.openservices.log.Client;
import com.aliyun.openservices.log.common.Consts.CompressType;
import com.aliyun.openservices.log.common.Consts.CursorMode;
import com.aliyun.openservices.log.common.FastLogGroup;
import com.aliyun.openservices.log.common.LogGroupData;
import com.aliyun.openservices.log.common.auth.DefaultCredentials;
import com.aliyun.openservices.log.common.auth.StaticCredentialsProvider;
import com.aliyun.openservices.log.exception.LogException;
import com.aliyun.openservices.log.http.client.ClientConfiguration;
import com.aliyun.openservices.log.request.PullLogsRequest;
import com.aliyun.openservices.log.request.PutLogsRequest;
import com.aliyun.openservices.log.response.PullLogsResponse;
import io.slsdispatch.demo.SlsLocalProcess;
import java.net.URI;

/**
 * What somebody would write who knows the official SDK well: one process, one loop over all shards that pulls, looks at
 * each group's topic, and puts the group's bytes without decoding its logs. No restarts, no order, no errors, no state.
 */
final class SdkLoop {

    private static final int GROUPS_PER_PULL = 1000;

    private final Client client;
    private final String source;
    private final CompressType compression;

    private SdkLoop(Client client, String source, CompressType compression) {
        this.client = client;
        this.source = source;
        this.compression = compression;
    }

    /** @param args address of SLS Local, logstore, number of shards, compression */
    public static void main(String[] args) throws LogException {
        new SdkLoop(client(args[0]), args[1], CompressType.fromString(args[3])).run(Integer.parseInt(args[2]));
    }

    /** A client of SLS Local at this address. */
    static Client client(String endpoint) {
        URI address = URI.create(endpoint);
        ClientConfiguration viaProxy = new ClientConfiguration();
        viaProxy.setProxyHost(address.getHost());
        viaProxy.setProxyPort(address.getPort());
        return new Client(
                "http://sls.bench",
                new StaticCredentialsProvider(
                        new DefaultCredentials(SlsLocalProcess.ACCESS_KEY_ID, SlsLocalProcess.ACCESS_KEY_SECRET)),
                viaProxy,
                "192.0.2.1");
    }

    /** Until the process is ended. */
    @SuppressWarnings("InfiniteLoopStatement")
    private void run(int shards) throws LogException {
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
                    forward(data.GetFastLogGroup());
                }
                cursors[shard] = pulled.getNextCursor();
            }
        }
    }

    private void forward(FastLogGroup group) throws LogException {
        String topic = group.getTopic();
        for (String target : Topics.TARGETS) {
            if (topic.startsWith(target)) {
                PutLogsRequest put = new PutLogsRequest(
                        SlsLocalProcess.PROJECT, target, topic, group.getSource(), group.getBytes(), null);
                put.setCompressType(compression);
                client.PutLogs(put);
                return;
            }
        }
    }
}
