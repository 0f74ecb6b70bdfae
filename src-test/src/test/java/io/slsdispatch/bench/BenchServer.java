package io.slsdispatch.bench;

import com.aliyun.openservices.log.Client;
import com.aliyun.openservices.log.exception.LogException;
import com.aliyun.openservices.log.request.PutLogsRequest;
import com.fasterxml.jackson.databind.JsonNode;
import io.slsdispatch.demo.SlsLocalProcess;
import io.slsdispatch.local.ledger.LogstoreLedger;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * SLS Local in a process of its own. Its sources are filled first; a source may be endless, so that a job never comes to
 * its end, and targets may forget what they take, so that memory does not bound the length of a measurement.
 */
final class BenchServer implements AutoCloseable {

    private static final List<String> JVM = List.of("-Xms1500m", "-Xmx3g", "-XX:+UseParallelGC");

    private static final long SEED = 1;

    private final SlsLocalProcess process;
    private final Client client;
    private final List<Long> delays = new ArrayList<>();

    private BenchServer(SlsLocalProcess process) {
        this.process = process;
        this.client = process.sdkClient();
    }

    /** What to start it with. */
    static Builder builder(BenchOptions options) {
        return new Builder(options);
    }

    /** Collects logstores. */
    static final class Builder {

        private final BenchOptions options;
        private final List<String> arguments = new ArrayList<>();

        private Builder(BenchOptions options) {
            this.options = options;
        }

        Builder logstore(String name, int shards) {
            arguments.addAll(List.of("--logstore", SlsLocalProcess.PROJECT + "/" + name + ":" + shards));
            return this;
        }

        /** A logstore that is read round and round. */
        Builder endless(String name, int shards) {
            arguments.addAll(List.of("--endless", SlsLocalProcess.PROJECT + "/" + name));
            return logstore(name, shards);
        }

        /** The targets of all benchmarks. */
        Builder targets(boolean forgetful) {
            for (String target : Topics.TARGETS) {
                logstore(target, 2);
                if (forgetful) {
                    arguments.addAll(List.of("--forget", SlsLocalProcess.PROJECT + "/" + target));
                }
            }
            return this;
        }

        BenchServer start() throws IOException, InterruptedException {
            return new BenchServer(SlsLocalProcess.start(options.slsLocalJar, JVM, arguments, options.directory));
        }
    }

    String endpoint() {
        return process.endpoint().toString();
    }

    long pid() {
        return process.pid();
    }

    /** Puts groups until so many bytes are there. Of the same profile and topics, each source gets the same ones. */
    void fill(String source, Profile profile, Topics topics, long bytes) throws LogException {
        BenchLogs logs = new BenchLogs(SEED);
        Supplier<String> topic = topics.sequence();
        long put = 0;
        while (put < bytes) {
            byte[] group = logs.next(topic.get(), profile.logs());
            put(source, group);
            put += group.length;
        }
    }

    void put(String source, byte[] group) throws LogException {
        client.PutLogs(new PutLogsRequest(SlsLocalProcess.PROJECT, source, "", "", group, null));
    }

    /** From now on each shard of the targets takes no more than so many bytes a second, as the service's do. */
    void limitTargets(long bytesPerSecond) throws IOException {
        for (String target : Topics.TARGETS) {
            process.remote()
                    .addFault(Map.of(
                            "effect", "quota", "bytes", bytesPerSecond, "operation", "PutLogs", "logstore", target));
        }
    }

    /** From now on each pull and each put takes so much longer, as if the job were far away; 0 for no longer. */
    void delay(int milliseconds) throws IOException {
        for (long fault : delays) {
            process.remote().removeFault(fault);
        }
        delays.clear();
        for (String operation : List.of("PullLogs", "PutLogs")) {
            if (milliseconds > 0) {
                delays.add(process.remote()
                        .addFault(Map.of("effect", "delay", "millis", milliseconds, "operation", operation)));
            }
        }
    }

    /** What it counts by now. */
    Counts counts() throws IOException, InterruptedException {
        JsonNode stats = process.remote().stats();
        long groups = 0;
        long bytes = 0;
        Wire wire = new Wire(0, 0, 0, 0);
        for (JsonNode logstore : stats.path("logstores")) {
            for (JsonNode shard : logstore.path("shards")) {
                wire = wire.plus(shard);
            }
            if (Topics.TARGETS.contains(logstore.path("logstore").asText())) {
                for (JsonNode shard : logstore.path("shards")) {
                    groups += shard.path("putGroups").asLong();
                    bytes += shard.path("putBytes").asLong();
                }
            }
        }
        return new Counts(stats.path("requests").asLong(), groups, bytes, wire);
    }

    /**
     * What SLS Local has counted since its start.
     *
     * @param requests of every kind
     * @param groups put to targets
     * @param bytes of these, raw
     * @param wire what went over the wire
     */
    record Counts(long requests, long groups, long bytes, Wire wire) {}

    /**
     * Bodies of pulls and puts.
     *
     * @param pulledRawBytes of answers to pulls, before compression
     * @param pulledBytes of the same answers, compressed
     * @param putBytes compressed
     * @param requests pulls and puts
     */
    record Wire(long pulledRawBytes, long pulledBytes, long putBytes, long requests) {

        private Wire plus(JsonNode shard) {
            return new Wire(
                    pulledRawBytes + shard.path("pulledBytes").asLong(),
                    pulledBytes + shard.path("pulledWireBytes").asLong(),
                    putBytes + shard.path("putWireBytes").asLong(),
                    requests + shard.path("pulls").asLong() + shard.path("puts").asLong());
        }
    }

    LogstoreLedger ledger(String logstore) {
        return process.remote().ledger(SlsLocalProcess.PROJECT, logstore);
    }

    @Override
    public void close() {
        client.shutdown();
        process.close();
    }
}
