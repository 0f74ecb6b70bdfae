package io.slsdispatch.local.service;

import io.slsdispatch.local.http.Reply;
import io.slsdispatch.local.store.ProjectInfo;
import io.slsdispatch.local.store.SlsStore;
import io.slsdispatch.local.wire.Operation;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Handlers of CreateProject, GetProject, ListProject and DeleteProject. */
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
                Operation.DELETE_PROJECT, this::delete);
    }

    private CompletionStage<Reply> create(Call call) {
        JsonBody body = JsonBody.of(call.request());
        return store.createProject(body.text("projectName"), body.text("description", ""))
                .thenApply(done -> Reply.ok());
    }

    private CompletionStage<Reply> get(Call call) {
        return CompletableFuture.completedFuture(
                Reply.json(store.project(call.project()).toJson()));
    }

    private CompletionStage<Reply> list(Call call) {
        String part = call.request().query().getOrDefault("projectName", "");
        List<Map<String, Object>> all = store.projects().stream()
                .filter(project -> project.name().contains(part))
                .map(ProjectInfo::toJson)
                .toList();
        return CompletableFuture.completedFuture(Reply.json(Paging.of(call).page("projects", all)));
    }

    private CompletionStage<Reply> delete(Call call) {
        return store.deleteProject(call.project()).thenApply(done -> Reply.ok());
    }
}
