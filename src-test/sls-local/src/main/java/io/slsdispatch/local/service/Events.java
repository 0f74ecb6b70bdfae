package io.slsdispatch.local.service;

import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.store.Admission;
import io.slsdispatch.local.store.Logstore;
import io.slsdispatch.local.store.Route;
import io.slsdispatch.local.store.SlsStore;
import io.slsdispatch.local.store.StoredGroup;
import io.slsdispatch.local.wire.LogGroupScanner;
import io.slsdispatch.local.wire.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Applies events to logstores: operations by the service or the owner, outside of client calls, such as a split or a
 * trim.
 */
public final class Events {

    private final SlsStore store;

    public Events(SlsStore store) {
        this.store = store;
    }

    /**
     * Applies an event. Completes when the event has happened, or fails with a {@link Refusal} when it cannot happen.
     *
     * @param subject names the project, the logstore, and the shard if the event applies to a shard
     */
    public CompletionStage<Void> happen(Effect.Event event, Fault.Scope subject) {
        try {
            return start(event, subject).thenApply(done -> null);
        } catch (Refusal refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    private CompletionStage<?> start(Effect.Event event, Fault.Scope subject) {
        String project = subject.project().orElseThrow();
        String name = subject.logstore().orElseThrow();
        if (event instanceof Effect.DeleteLogstore) {
            return store.deleteLogstore(project, name);
        }
        if (event instanceof Effect.RecreateLogstore recreate) {
            return store.recreateLogstore(project, name, recreate.shards());
        }
        Logstore logstore = store.logstore(project, name);
        int shard = subject.shard().orElseThrow();
        if (event instanceof Effect.Split split) {
            return logstore.split(shard, Optional.empty(), split.children());
        }
        if (event instanceof Effect.Merge) {
            return logstore.merge(shard);
        }
        if (event instanceof Effect.Trim trim) {
            return trim(logstore, shard, trim.groups().orElse(Long.MAX_VALUE));
        }
        if (event instanceof Effect.Append append) {
            return append(logstore, shard, append.group(), false);
        }
        if (event instanceof Effect.Hole hole) {
            return logstore.jump(shard, size(hole));
        }
        throw new IllegalStateException("Unknown event " + event);
    }

    private static long size(Effect.Hole hole) {
        if (hole.size() == hole.maxSize()) {
            return hole.size();
        }
        double exponent = ThreadLocalRandom.current()
                .nextDouble(Math.log((double) hole.size()), Math.log((double) hole.maxSize()));
        return Math.min(hole.maxSize(), Math.max(hole.size(), Math.round(Math.exp(exponent))));
    }

    /**
     * Drops the oldest groups of a shard.
     *
     * @param groups number of groups; all when there are fewer
     */
    public CompletableFuture<Long> trim(Logstore logstore, int shard, long groups) {
        return logstore.trim(
                shard, logstore.log(shard).map(log -> log.positionAfter(groups)).orElse(0L));
    }

    /**
     * Writes a group to a shard, even if it is read-only.
     *
     * @throws Refusal PostBodyInvalid when the bytes are not a LogGroup
     */
    public CompletableFuture<Integer> append(Logstore logstore, int shard, byte[] group, boolean strictText) {
        byte[] kept = group.clone();
        String topic = LogGroupScanner.scan(kept, strictText).topic();
        return logstore.append(new Route.ToShard(shard), List.of(StoredGroup.of(kept, topic)), Admission.FREE);
    }

    /** Writes bytes to a shard without validating them. */
    public CompletableFuture<Integer> appendBytes(Logstore logstore, int shard, byte[] bytes) {
        byte[] kept = bytes.clone();
        StoredGroup group = new StoredGroup(kept, "", GroupDigest.of(kept), List.of());
        return logstore.append(new Route.ToShard(shard), List.of(group), Admission.FREE);
    }
}
