package io.slsdispatch.local.service;

import io.slsdispatch.local.http.Reply;
import io.slsdispatch.local.store.Logstore;
import io.slsdispatch.local.store.LogstoreConfig;
import io.slsdispatch.local.store.SlsStore;
import io.slsdispatch.local.wire.Operation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Handlers of CreateLogStore, GetLogStore, ListLogStores, UpdateLogStore and DeleteLogStore. */
final class LogstoreHandlers {

    private static final String NAME = "logstoreName";

    private final SlsStore store;

    LogstoreHandlers(SlsStore store) {
        this.store = store;
    }

    Map<Operation, Handler> handlers() {
        return Map.of(
                Operation.CREATE_LOGSTORE, this::create,
                Operation.GET_LOGSTORE, this::get,
                Operation.LIST_LOGSTORES, this::list,
                Operation.UPDATE_LOGSTORE, this::update,
                Operation.DELETE_LOGSTORE, this::delete);
    }

    private CompletionStage<Reply> create(Call call) {
        JsonBody body = JsonBody.of(call.request());
        LogstoreConfig config = LogstoreConfig.requested(body.text(NAME), settings(body));
        return store.createLogstore(call.project(), config).thenApply(done -> Reply.ok());
    }

    private CompletionStage<Reply> get(Call call) {
        Logstore logstore = store.logstore(call.project(), call.logstore());
        return CompletableFuture.completedFuture(Reply.json(logstore.config().toJson()));
    }

    private CompletionStage<Reply> list(Call call) {
        store.project(call.project());
        Map<String, String> query = call.request().query();
        List<String> names = store.logstores(call.project()).stream()
                .filter(logstore -> logstore.name().contains(query.getOrDefault("logstoreName", "")))
                .filter(logstore -> matches(query, logstore, "telemetryType"))
                .filter(logstore -> matches(query, logstore, "mode"))
                .map(Logstore::name)
                .toList();
        return CompletableFuture.completedFuture(Reply.json(Paging.of(call).page("logstores", names)));
    }

    private static boolean matches(Map<String, String> query, Logstore logstore, String setting) {
        String wanted = query.getOrDefault(setting, "");
        // Logstores for logs have no value or an empty one; the Python SDK's default arrives as "None".
        return wanted.isEmpty()
                || wanted.equalsIgnoreCase("None")
                || wanted.equals(logstore.config().setting(setting));
    }

    private CompletionStage<Reply> update(Call call) {
        return store.logstore(call.project(), call.logstore())
                .update(settings(JsonBody.of(call.request())))
                .thenApply(done -> Reply.ok());
    }

    private CompletionStage<Reply> delete(Call call) {
        return store.deleteLogstore(call.project(), call.logstore()).thenApply(done -> Reply.ok());
    }

    private static Map<String, Object> settings(JsonBody body) {
        Map<String, Object> settings = new LinkedHashMap<>(body.fields());
        settings.remove(NAME);
        return settings;
    }
}
