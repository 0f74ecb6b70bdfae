package io.slsdispatch.job.probe;

import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.Shard;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** Questions about a split and a merge, in a logstore with two shards. */
final class ShardProbe {

    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration MOST = Duration.ofMinutes(2);

    /** As {@code discovery.settle-time}: how long the job waits for late writes to a shard that was split. */
    private static final Duration SETTLE = Duration.ofSeconds(30);

    private static final String WITHIN = "within 30 s";

    private final ServiceApi api;
    private final LogstoreId logstore;
    private final TestData data;
    private final Findings findings;

    ShardProbe(ServiceApi api, LogstoreId logstore, long now, Findings findings) {
        this.api = api;
        this.logstore = logstore;
        this.data = new TestData(now);
        this.findings = findings;
    }

    /** Something that happens some time after a request. */
    @FunctionalInterface
    private interface Attempt {
        boolean succeeds() throws NotProbedException, StoppedException, InterruptedException;
    }

    void run() throws StoppedException, InterruptedException {
        findings.ask(
                List.of(
                        Assumption.SPLIT_LISTED,
                        Assumption.SPLIT_WRITES,
                        Assumption.SPLIT_PARENT,
                        Assumption.MERGE_LISTED),
                this::splitAndMerge);
    }

    private void splitAndMerge() throws NotProbedException, StoppedException, InterruptedException {
        Shard parent = ServiceApi.shardsIn(api.shards(logstore)).stream()
                .filter(Shard::writable)
                .findFirst()
                .orElseThrow(() -> new NotProbedException("the new logstore has no shard"));
        put(parent, "before the split").ok();
        BigInteger middle = parent.range()
                .begin()
                .add(parent.range().end().subtract(parent.range().begin()).shiftRight(1));
        String key = "0".repeat(32 - middle.toString(16).length()) + middle.toString(16);
        api.reshard(logstore, parent.id(), Map.of("action", "split", "key", key))
                .ok();
        String end = ServiceApi.cursorIn(api.cursor(logstore, parent.id(), "end"));
        findings.saw(
                Assumption.SPLIT_LISTED, after(() -> isListed(parent::equals, shard -> isChild(shard, parent), 2)));
        Shard child = children(parent).get(0);
        findings.saw(Assumption.SPLIT_WRITES, after(() -> {
            Reply reply = put(child, "to a child");
            return reply.isOk() || reply.isUnnamed();
        }));
        api.calls().waits().pause(SETTLE);
        OptionalLong late =
                Cursor.of(end).distanceTo(Cursor.of(ServiceApi.cursorIn(api.cursor(logstore, parent.id(), "end"))));
        if (late.isPresent()) {
            findings.saw(
                    Assumption.SPLIT_PARENT,
                    late.getAsLong() == 0 ? Assumption.SPLIT_PARENT.assumed() : "writes after the split");
        }
        api.reshard(logstore, child.id(), Map.of("action", "merge")).ok();
        findings.saw(
                Assumption.MERGE_LISTED,
                after(() -> isListed(
                        child::equals,
                        shard -> shard.id() > child.id() + 1 && shard.range().equals(parent.range()),
                        1)));
    }

    private Reply put(Shard shard, String text) throws StoppedException, InterruptedException {
        return api.put(logstore, "route", Map.of("key", shard.range().beginHex()), PutBody.lz4(data.small(text)));
    }

    private static boolean isChild(Shard shard, Shard parent) {
        return shard.writable() && shard.id() != parent.id() && parent.range().contains(shard.range());
    }

    private List<Shard> children(Shard parent) throws NotProbedException, StoppedException, InterruptedException {
        List<Shard> children = ServiceApi.shardsIn(api.shards(logstore)).stream()
                .filter(shard -> isChild(shard, parent))
                .sorted((one, other) ->
                        one.range().begin().compareTo(other.range().begin()))
                .toList();
        if (children.isEmpty()) {
            throw new NotProbedException("the children of a split were not listed within 2 min");
        }
        return children;
    }

    /** Whether the shards that replace one are listed, and that one as read-only or no longer. */
    private boolean isListed(Predicate<Shard> replaced, Predicate<Shard> isNew, int expected)
            throws NotProbedException, StoppedException, InterruptedException {
        List<Shard> shards = ServiceApi.shardsIn(api.shards(logstore));
        // Equal includes writable.
        return shards.stream().noneMatch(replaced)
                && shards.stream().filter(isNew).count() == expected;
    }

    /** How long it takes until an attempt succeeds. */
    private String after(Attempt attempt) throws NotProbedException, StoppedException, InterruptedException {
        long began = api.calls().waits().nanoTime();
        while (!attempt.succeeds()) {
            if (api.calls().waits().nanoTime() - began >= MOST.toNanos()) {
                return "not within 2 min";
            }
            api.calls().waits().pause(PAUSE);
        }
        long seconds = (api.calls().waits().nanoTime() - began) / 1_000_000_000;
        return seconds <= SETTLE.toSeconds() ? WITHIN : "after " + seconds + " s";
    }
}
