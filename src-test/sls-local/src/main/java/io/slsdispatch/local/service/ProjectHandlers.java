package io.slsdispatch.local.service;

import io.slsdispatch.local.http.Reply;
import io.slsdispatch.local.store.SlsStore;
import io.slsdispatch.local.wire.Operation;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Handlers of CreateProject, GetProject, ListProject, UpdateProject and DeleteProject. */
final class ProjectHandlers {

    private final SlsStore store;

    ProjectHandlers(SlsStore store) {
        this.store = store;
    }

    Map<Operation, Handler> handlers() {
        return Map.of(
                Operation.CREATE_PROJECT, this::create,
                Operation.GET_PROJECT, this::get,
                Operation.LIST_PROJECT, this::list,
                Operation.UPDATE_PROJECT, this::update,
                Operation.DELETE_PROJECT, this::delete);
    }

    private CompletionStage<Reply> create(Call call) {
        JsonBody body = JsonBody.of(call.request());
        return store.createProject(body.text("projectName"), body.fields()).thenApply(done -> Reply.ok());
    }

    private CompletionStage<Reply> update(Call call) {
        return store.updateProject(call.project(), JsonBody.of(call.request()).fields())
                .thenApply(done -> Reply.ok());
    }

    private CompletionStage<Reply> get(Call call) {
        return CompletableFuture.completedFuture(
                Reply.json(store.project(call.project()).toJson(true)));
    }

    private CompletionStage<Reply> list(Call call) {
        Map<String, String> query = call.request().query();
        // ListProjectWithDescTest of the Java SDK: a part of the description, ignoring case.
        String description = query.getOrDefault("description", "").toLowerCase(Locale.ROOT);
        String group = query.getOrDefault("resourceGroupId", "");
        boolean withQuota = Boolean.parseBoolean(query.get("fetchQuota"));
        List<Map<String, Object>> all = store.projects().stream()
                .filter(project -> project.name().contains(query.getOrDefault("projectName", "")))
                .filter(project ->
                        project.description().toLowerCase(Locale.ROOT).contains(description))
                .filter(project ->
                        group.isEmpty() || group.equals(project.attributes().get("resourceGroupId")))
                .map(project -> project.toJson(withQuota))
                .toList();
        return CompletableFuture.completedFuture(Reply.json(Paging.of(call).page("projects", all)));
    }

    private CompletionStage<Reply> delete(Call call) {
        return store.deleteProject(call.project()).thenApply(done -> Reply.ok());
    }
}
