package io.slsdispatch.local.service;

import io.slsdispatch.local.http.Reply;
import io.slsdispatch.local.settings.Assumption;
import io.slsdispatch.local.settings.Assumptions;
import io.slsdispatch.local.store.Checkpoint;
import io.slsdispatch.local.store.ConsumerGroup;
import io.slsdispatch.local.store.ConsumerGroups;
import io.slsdispatch.local.store.SlsStore;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Operation;
import io.slsdispatch.local.wire.Refusal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Handlers of the consumer group operations: settings, heartbeats and checkpoints. */
final class ConsumerGroupHandlers {

    private final SlsStore store;
    private final Assumptions assumptions;

    ConsumerGroupHandlers(ServerContext context) {
        this.store = context.store();
        this.assumptions = context.settings().assumptions();
    }

    Map<Operation, Handler> handlers() {
        return Map.of(
                Operation.CREATE_CONSUMER_GROUP, this::create,
                Operation.LIST_CONSUMER_GROUP, this::list,
                Operation.UPDATE_CONSUMER_GROUP, this::update,
                Operation.DELETE_CONSUMER_GROUP, this::delete,
                Operation.HEART_BEAT, this::heartbeat,
                Operation.UPDATE_CHECK_POINT, this::commit,
                Operation.GET_CHECK_POINT, this::checkpoints);
    }

    private CompletionStage<Reply> create(Call call) {
        JsonBody body = JsonBody.of(call.request());
        return groups(call)
                .create(
                        body.text("consumerGroup"),
                        body.number("timeout"),
                        Boolean.TRUE.equals(body.optionalFlag("order")))
                .thenApply(done -> Reply.ok());
    }

    private CompletionStage<Reply> list(Call call) {
        List<Map<String, Object>> all =
                groups(call).list().stream().map(ConsumerGroup::toJson).toList();
        return CompletableFuture.completedFuture(Reply.json(all));
    }

    private CompletionStage<Reply> update(Call call) {
        JsonBody body = JsonBody.of(call.request());
        return groups(call)
                .update(call.item(), body.optionalNumber("timeout"), body.optionalFlag("order"))
                .thenApply(done -> Reply.ok());
    }

    private CompletionStage<Reply> delete(Call call) {
        return groups(call).delete(call.item()).thenApply(done -> Reply.ok());
    }

    private CompletionStage<Reply> heartbeat(Call call) {
        String consumer = call.request().requiredParameter("consumer");
        if (consumer.isEmpty()) {
            throw new Refusal(ErrorCode.PARAMETER_INVALID, "parameter consumer is empty");
        }
        return groups(call)
                .heartbeat(call.item(), consumer, JsonBody.numbers(call.request()))
                .thenApply(Reply::json);
    }

    private CompletionStage<Reply> commit(Call call) {
        JsonBody body = JsonBody.of(call.request());
        Map<String, String> query = call.request().query();
        // The Python SDK sends True.
        boolean force =
                "true".equalsIgnoreCase(query.get("forceSuccess")) || assumptions.differs(Assumption.FORCE_SUCCESS);
        return groups(call)
                .commit(
                        call.item(),
                        query.getOrDefault("consumer", ""),
                        body.number("shard"),
                        body.text("checkpoint"),
                        force)
                .thenApply(done -> Reply.ok());
    }

    private CompletionStage<Reply> checkpoints(Call call) {
        Map<Integer, Checkpoint> all = groups(call).checkpoints(call.item());
        int wanted = call.number("shard", -1);
        List<Map<String, Object>> found = all.entrySet().stream()
                .filter(entry -> wanted < 0 || entry.getKey() == wanted)
                .map(entry -> entry.getValue().toJson(entry.getKey()))
                .toList();
        return CompletableFuture.completedFuture(Reply.json(found));
    }

    private ConsumerGroups groups(Call call) {
        return store.logstore(call.project(), call.logstore()).consumerGroups();
    }
}
