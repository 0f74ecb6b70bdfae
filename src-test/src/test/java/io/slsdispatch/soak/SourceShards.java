package io.slsdispatch.soak;

import com.aliyun.openservices.log.Client;
import com.aliyun.openservices.log.common.auth.DefaultCredentials;
import com.aliyun.openservices.log.common.auth.StaticCredentialsProvider;
import com.aliyun.openservices.log.exception.LogException;
import com.aliyun.openservices.log.http.client.ClientConfiguration;
import com.fasterxml.jackson.databind.JsonNode;
import io.slsdispatch.local.RemoteSlsLocal;
import io.slsdispatch.local.signature.Credential;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Changes the shards of the source while it is written to. What there is to choose from is asked of SLS Local itself,
 * whose faults strike no such question.
 */
final class SourceShards implements AutoCloseable {

    /** Beyond this many writable shards, a split becomes a merge. */
    private static final int MOST_SHARDS = 24;

    private static final int HEX = 16;

    private final RemoteSlsLocal service;
    private final Appends appends;
    private final Client administration;

    SourceShards(RemoteSlsLocal service, Credential key) {
        this.service = service;
        this.appends = new Appends(service);
        this.administration = administration(service, key);
    }

    private static Client administration(RemoteSlsLocal service, Credential key) {
        ClientConfiguration viaProxy = new ClientConfiguration();
        viaProxy.setProxyHost("127.0.0.1");
        viaProxy.setProxyPort(service.endpoint().getPort());
        return new Client(
                "http://sls.soak",
                new StaticCredentialsProvider(new DefaultCredentials(key.accessKeyId(), key.accessKeySecret())),
                viaProxy,
                "192.0.2.1");
    }

    private record Open(int id, BigInteger begin, BigInteger end) {

        String middle() {
            return String.format(Locale.ROOT, "%032x", begin.add(end).shiftRight(1));
        }
    }

    /** The writable ones, in the order of their keys. */
    private List<Open> open() throws IOException {
        List<Open> open = new ArrayList<>();
        for (JsonNode logstore : service.stats().path("logstores")) {
            if (logstore.path("logstore").asText().equals(Layout.SOURCE)) {
                for (JsonNode shard : logstore.path("shards")) {
                    if (shard.path("status").asText().equals("readwrite")) {
                        open.add(new Open(
                                shard.path("shardID").asInt(),
                                new BigInteger(shard.path("inclusiveBeginKey").asText(), HEX),
                                new BigInteger(shard.path("exclusiveEndKey").asText(), HEX)));
                    }
                }
            }
        }
        open.sort(Comparator.comparing(Open::begin));
        return open;
    }

    private Open pick(int choice) throws IOException {
        List<Open> open = open();
        return open.get(choice % open.size());
    }

    /** Splits one, or merges two where there are many. Answers what was done. */
    String split(int choice, int parts) throws IOException, LogException {
        List<Open> open = open();
        if (open.size() >= MOST_SHARDS) {
            return merge(choice);
        }
        Open shard = open.get(choice % open.size());
        appends.late(shard.id(), "SplitShard");
        split(shard);
        if (parts > 2) {
            for (Open child : open()) {
                if (child.begin().compareTo(shard.begin()) >= 0 && child.end().compareTo(shard.end()) <= 0) {
                    split(child);
                }
            }
        }
        return "split of shard " + shard.id() + (parts > 2 ? ", and of its children at once" : "");
    }

    private void split(Open shard) throws LogException {
        administration.SplitShard(Layout.PROJECT, Layout.SOURCE, shard.id(), shard.middle());
    }

    /** Merges one with its right neighbour. Answers what was done. */
    String merge(int choice) throws IOException, LogException {
        List<Open> open = open();
        Open left = open.get(choice % (open.size() - 1));
        appends.late(left.id(), "MergeShards");
        administration.MergeShards(Layout.PROJECT, Layout.SOURCE, left.id());
        return "merge of shard " + left.id() + " with its right neighbour";
    }

    /** Lets the numbers in the cursors of one jump. Answers what was done. */
    String hole(int choice, long size) throws IOException {
        Open shard = pick(choice);
        appends.hole(shard.id(), size);
        return "a hole of " + size + " in the cursors of shard " + shard.id();
    }

    /** Lets a group appear in one that no put can bring. Answers what was done. */
    String appendLarge(int choice) throws IOException {
        Open shard = pick(choice);
        appends.large(shard.id());
        return "a group of more than 10 MiB in shard " + shard.id();
    }

    @Override
    public void close() {
        administration.shutdown();
    }
}
