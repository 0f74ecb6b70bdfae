package io.slsdispatch.local.admin;

import io.slsdispatch.local.store.Logstore;
import io.slsdispatch.local.store.ShardLog;
import io.slsdispatch.local.store.shard.ShardInfo;
import io.slsdispatch.local.wire.LogGroupText;
import io.slsdispatch.local.wire.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The newest groups of a logstore as the console page shows them: the begin of what is in them, as text. */
final class NewestGroups {

    private static final LogGroupText.Limits SHOWN = new LogGroupText.Limits(3, 30, 1000);
    private static final int MOST = 100;
    private static final int BYTES_OF_NO_GROUP = 32;

    private final Logstore logstore;

    NewestGroups(Logstore logstore) {
        this.logstore = logstore;
    }

    /** A group that is shown if there are not enough newer ones. */
    private record Candidate(ShardInfo shard, ShardLog.Kept group) {}

    /**
     * The groups as JSON values, newest first.
     *
     * @param shard only this one
     * @param count maximum number of groups; at most 100 are returned
     */
    List<Map<String, Object>> toJson(OptionalInt shard, int count) {
        int most = Math.min(Math.max(count, 0), MOST);
        List<Candidate> candidates = new ArrayList<>();
        for (ShardInfo one : logstore.shards()) {
            if (shard.isEmpty() || shard.getAsInt() == one.id()) {
                logstore.log(one.id())
                        .ifPresent(log -> log.newest(most).forEach(group -> candidates.add(new Candidate(one, group))));
            }
        }
        return candidates.stream()
                .sorted(Comparator.<Candidate>comparingLong(one -> one.group().receivedMillis())
                        .thenComparingLong(one -> one.group().position())
                        .reversed())
                .limit(most)
                .map(NewestGroups::toJson)
                .toList();
    }

    private static Map<String, Object> toJson(Candidate candidate) {
        byte[] bytes = candidate.group().bytes();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("shard", candidate.shard().id());
        // A text: a browser would round a number of 64 bits.
        json.put("position", Long.toString(candidate.group().position()));
        json.put("receivedMillis", candidate.group().receivedMillis());
        json.put("bytes", bytes.length);
        try {
            LogGroupText group = LogGroupText.read(bytes, SHOWN);
            json.put("topic", group.topic());
            json.put("source", group.source());
            json.put("tags", pairs(group.tags()));
            json.put("logs", group.logCount());
            json.put(
                    "first",
                    group.logs().stream()
                            .map(log -> Map.of("time", log.time(), "contents", pairs(log.contents())))
                            .toList());
        } catch (Refusal noGroup) {
            json.put(
                    "unreadable",
                    HexFormat.of().formatHex(Arrays.copyOf(bytes, Math.min(bytes.length, BYTES_OF_NO_GROUP))));
        }
        return json;
    }

    private static List<List<String>> pairs(List<LogGroupText.Pair> pairs) {
        return pairs.stream().map(pair -> List.of(pair.key(), pair.value())).toList();
    }
}
