package io.slsdispatch.local.service;

import io.slsdispatch.local.http.Reply;
import io.slsdispatch.local.store.Logstore;
import io.slsdispatch.local.store.SlsStore;
import io.slsdispatch.local.store.shard.HashKey;
import io.slsdispatch.local.store.shard.ShardInfo;
import io.slsdispatch.local.wire.Operation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Handlers of ListShards, SplitShard and MergeShards. */
final class ShardHandlers {

    private static final int HALVES = 2;

    private final SlsStore store;
    private final FaultInjector injector;
    private final OtherAnswers otherAnswers;

    ShardHandlers(ServerContext context) {
        store = context.store();
        injector = context.injector();
        otherAnswers = context.otherAnswers();
    }

    Map<Operation, Handler> handlers() {
        return Map.of(
                Operation.LIST_SHARDS, this::list,
                Operation.SPLIT_SHARD, this::split,
                Operation.MERGE_SHARDS, this::merge);
    }

    private CompletionStage<Reply> list(Call call) {
        return CompletableFuture.completedFuture(
                reply(otherAnswers.listing(call, injector.listing(call.faultTarget(), logstore(call)))));
    }

    private CompletionStage<Reply> split(Call call) {
        String key = call.request().parameter("key");
        Optional<HashKey> at = key == null || key.isEmpty() ? Optional.empty() : Optional.of(HashKey.parse(key));
        otherAnswers.resharding(call, logstore(call).shards());
        return logstore(call)
                .split(call.shard(), at, call.number("shardCount", HALVES))
                .thenApply(ShardHandlers::reply);
    }

    private CompletionStage<Reply> merge(Call call) {
        otherAnswers.resharding(call, logstore(call).shards());
        return logstore(call).merge(call.shard()).thenApply(ShardHandlers::reply);
    }

    private Logstore logstore(Call call) {
        return store.logstore(call.project(), call.logstore());
    }

    private static Reply reply(List<ShardInfo> shards) {
        return Reply.json(shards.stream().map(ShardInfo::toJson).toList());
    }
}
