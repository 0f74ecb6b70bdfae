package io.slsdispatch.local.service;

import io.slsdispatch.local.store.Logstore;
import io.slsdispatch.local.store.ShardLog;
import io.slsdispatch.local.store.SlsStore;
import io.slsdispatch.local.store.shard.ShardInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Statistics of calls since the start, or since the last reset. The store counts what was written, including before
 * restarts.
 */
public final class Stats {

    private final Map<ShardKey, ShardCounts> shards = new ConcurrentHashMap<>();
    private final Map<LogstoreKey, Map<String, LongAdder>> rejected = new ConcurrentHashMap<>();
    private final LongAdder requests = new LongAdder();

    private record ShardKey(String project, String logstore, int shard) {}

    private record LogstoreKey(String project, String logstore) {}

    private static final class ShardCounts {
        private final LongAdder puts = new LongAdder();
        private final LongAdder putGroups = new LongAdder();
        private final LongAdder putBytes = new LongAdder();
        private final LongAdder putWireBytes = new LongAdder();
        private final LongAdder pulls = new LongAdder();
        private final LongAdder pulledGroups = new LongAdder();
        private final LongAdder pulledBytes = new LongAdder();
        private final LongAdder pulledWireBytes = new LongAdder();
    }

    void request() {
        requests.increment();
    }

    /** @param wireBytes of the body, compressed */
    void put(Call call, int shard, int groups, long rawBytes, long wireBytes) {
        ShardCounts counts = counts(call.project(), call.logstore(), shard);
        counts.puts.increment();
        counts.putGroups.add(groups);
        counts.putBytes.add(rawBytes);
        counts.putWireBytes.add(wireBytes);
    }

    /** @param wireBytes of the body, compressed */
    void pulled(Call call, int groups, int rawBytes, int wireBytes) {
        ShardCounts counts = counts(call.project(), call.logstore(), call.shard());
        counts.pulls.increment();
        counts.pulledGroups.add(groups);
        counts.pulledBytes.add(rawBytes);
        counts.pulledWireBytes.add(wireBytes);
    }

    /** Counts an error under the project and logstore that the request named; both may be empty or not exist. */
    void rejected(String project, String logstore, String code) {
        rejected.computeIfAbsent(new LogstoreKey(project, logstore), first -> new ConcurrentHashMap<>())
                .computeIfAbsent(code, first -> new LongAdder())
                .increment();
    }

    /** Resets all counts. */
    public void reset() {
        shards.clear();
        rejected.clear();
        requests.reset();
    }

    private ShardCounts counts(String project, String logstore, int shard) {
        return shards.computeIfAbsent(new ShardKey(project, logstore, shard), first -> new ShardCounts());
    }

    /** All statistics as shown under {@code /_local/stats}. */
    public Map<String, Object> toJson(SlsStore store) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("requests", requests.sum());
        json.put("retainedBytes", store.retainedBytes());
        json.put("lateWrites", store.lateWrites());
        json.put("rejected", total());
        json.put("logstores", store.logstores().stream().map(this::logstore).toList());
        return json;
    }

    private Map<String, Long> total() {
        Map<String, Long> total = new TreeMap<>();
        rejected.values().forEach(codes -> codes.forEach((code, count) -> total.merge(code, count.sum(), Long::sum)));
        return total;
    }

    private Map<String, Object> logstore(Logstore logstore) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("project", logstore.project());
        json.put("logstore", logstore.name());
        Map<String, Long> codes = new TreeMap<>();
        rejected.getOrDefault(new LogstoreKey(logstore.project(), logstore.name()), Map.of())
                .forEach((code, count) -> codes.put(code, count.sum()));
        json.put("rejected", codes);
        List<Map<String, Object>> each = new ArrayList<>();
        for (ShardInfo shard : logstore.shards()) {
            Optional<ShardLog> log = logstore.log(shard.id());
            log.ifPresent(groups -> each.add(shard(logstore, shard, groups)));
        }
        json.put("shards", each);
        return json;
    }

    private Map<String, Object> shard(Logstore logstore, ShardInfo shard, ShardLog log) {
        ShardCounts counts = counts(logstore.project(), logstore.name(), shard.id());
        Map<String, Object> json = new LinkedHashMap<>(shard.toJson());
        json.put("groups", log.writtenGroups());
        json.put("rawBytes", log.writtenBytes());
        json.put("retainedGroups", log.retainedGroups());
        json.put("puts", counts.puts.sum());
        json.put("putGroups", counts.putGroups.sum());
        json.put("putBytes", counts.putBytes.sum());
        json.put("putWireBytes", counts.putWireBytes.sum());
        json.put("pulls", counts.pulls.sum());
        json.put("pulledGroups", counts.pulledGroups.sum());
        json.put("pulledBytes", counts.pulledBytes.sum());
        json.put("pulledWireBytes", counts.pulledWireBytes.sum());
        return json;
    }
}
