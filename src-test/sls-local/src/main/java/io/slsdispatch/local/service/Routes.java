package io.slsdispatch.local.service;

import io.slsdispatch.local.http.Request;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Operation;
import io.slsdispatch.local.wire.Refusal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the operation that a request asks for. A request is only matched if everything in it that changes what it asks
 * for is known, because the service tells many of its operations apart by a query parameter alone: GetLogs is
 * GetLogStore with {@code type=log}.
 */
final class Routes {

    private static final Set<String> PARAMETERS_OF_LIST_PROJECT =
            Set.of("offset", "size", "projectName", "description", "resourceGroupId", "fetchQuota");

    private static final String SERVED =
            Arrays.stream(Operation.values()).map(Operation::text).collect(Collectors.joining(", "));

    private Routes() {}

    /**
     * Matches a request to its call.
     *
     * @throws Refusal NotSupported when SLS Local does not support it
     */
    static Call match(Request request) {
        List<String> path = request.path();
        Operation operation = operation(request, path)
                .filter(found -> isAskedForAlone(found, request))
                .orElseThrow(() -> notSupported(request));
        checkNoProcessing(operation, request);
        return new Call(
                operation,
                request,
                request.project().orElse(""),
                path.size() > 1 ? path.get(1) : "",
                path.size() > 3 ? path.get(3) : "");
    }

    private static Optional<Operation> operation(Request request, List<String> path) {
        String verb = request.method();
        if (path.isEmpty()) {
            return Optional.ofNullable(ofProject(verb, request));
        }
        // An empty name would make the next part of the path the name.
        if (!path.get(0).equals("logstores")
                || path.size() > 4
                || request.target().rawPath().contains("//")) {
            return Optional.empty();
        }
        return Optional.ofNullable(
                switch (path.size()) {
                    case 1 -> ofLogstores(verb);
                    case 2 -> ofLogstore(verb);
                    case 3 -> ofCollection(verb + " " + path.get(2));
                    default ->
                        path.get(2).equals("shards")
                                ? ofShard(verb, path.get(3), request)
                                : path.get(2).equals("consumergroups") ? ofConsumerGroup(verb, request) : null;
                });
    }

    private static @Nullable Operation ofProject(String verb, Request request) {
        return switch (verb) {
            case "POST" -> Operation.CREATE_PROJECT;
            case "DELETE" -> Operation.DELETE_PROJECT;
            case "PUT" -> Operation.UPDATE_PROJECT;
            // ListProject goes to the bare endpoint, whose first label may look like a project.
            case "GET" ->
                request.isToEndpoint()
                                || request.query().keySet().stream().anyMatch(PARAMETERS_OF_LIST_PROJECT::contains)
                        ? Operation.LIST_PROJECT
                        : Operation.GET_PROJECT;
            default -> null;
        };
    }

    /** Whether no parameter turns the operation into another one. */
    private static boolean isAskedForAlone(Operation operation, Request request) {
        boolean typed = request.parameter("type") != null;
        boolean acting = request.parameter("action") != null;
        return switch (operation) {
            case PULL_LOGS, GET_CURSOR, GET_CURSOR_TIME, HEART_BEAT, UPDATE_CHECK_POINT -> !acting;
            case SPLIT_SHARD, MERGE_SHARDS -> !typed;
            default -> !typed && !acting;
        };
    }

    /** Refuses to process logs: what is stored or returned would not be what was asked for. */
    private static void checkNoProcessing(Operation operation, Request request) {
        List<String> parameters =
                switch (operation) {
                    case PUT_LOGS -> List.of("processor");
                    case PULL_LOGS -> List.of("processor", "query", "pullMode");
                    default -> List.of();
                };
        for (String parameter : parameters) {
            if (request.parameter(parameter) != null) {
                throw new Refusal(
                        ErrorCode.NOT_SUPPORTED,
                        "SLS Local does not process logs: it serves " + operation.text() + " without parameter "
                                + parameter);
            }
        }
    }

    private static @Nullable Operation ofLogstores(String verb) {
        return switch (verb) {
            case "GET" -> Operation.LIST_LOGSTORES;
            case "POST" -> Operation.CREATE_LOGSTORE;
            default -> null;
        };
    }

    private static @Nullable Operation ofLogstore(String verb) {
        return switch (verb) {
            case "GET" -> Operation.GET_LOGSTORE;
            case "PUT" -> Operation.UPDATE_LOGSTORE;
            case "DELETE" -> Operation.DELETE_LOGSTORE;
            // The short path of PutLogs, which the Go SDK uses.
            case "POST" -> Operation.PUT_LOGS;
            default -> null;
        };
    }

    private static @Nullable Operation ofCollection(String verbAndName) {
        return switch (verbAndName) {
            case "GET shards" -> Operation.LIST_SHARDS;
            case "GET consumergroups" -> Operation.LIST_CONSUMER_GROUP;
            case "POST consumergroups" -> Operation.CREATE_CONSUMER_GROUP;
            default -> null;
        };
    }

    private static @Nullable Operation ofShard(String verb, String shard, Request request) {
        if (verb.equals("POST") && (shard.equals("lb") || shard.equals("route"))) {
            return Operation.PUT_LOGS;
        }
        return switch (verb + " " + parameter(request, verb.equals("POST") ? "action" : "type")) {
            case "GET log", "GET logs" -> Operation.PULL_LOGS;
            case "GET cursor" -> Operation.GET_CURSOR;
            case "GET cursor_time" -> Operation.GET_CURSOR_TIME;
            case "POST split" -> Operation.SPLIT_SHARD;
            case "POST merge" -> Operation.MERGE_SHARDS;
            default -> null;
        };
    }

    private static @Nullable Operation ofConsumerGroup(String verb, Request request) {
        return switch (verb) {
            case "GET" -> Operation.GET_CHECK_POINT;
            case "PUT" -> Operation.UPDATE_CONSUMER_GROUP;
            case "DELETE" -> Operation.DELETE_CONSUMER_GROUP;
            case "POST" ->
                switch (parameter(request, "type")) {
                    case "heartbeat" -> Operation.HEART_BEAT;
                    case "checkpoint" -> Operation.UPDATE_CHECK_POINT;
                    default -> null;
                };
            default -> null;
        };
    }

    private static String parameter(Request request, String name) {
        String value = request.parameter(name);
        return value == null ? "" : value;
    }

    private static Refusal notSupported(Request request) {
        StringBuilder asked = new StringBuilder(request.method())
                .append(' ')
                .append(request.target().rawPath());
        char separator = '?';
        for (String parameter : request.query().keySet()) {
            asked.append(separator).append(parameter);
            if (parameter.equals("type") || parameter.equals("action")) {
                asked.append('=').append(parameter(request, parameter));
            }
            separator = '&';
        }
        return new Refusal(
                ErrorCode.NOT_SUPPORTED, "SLS Local does not serve " + asked + ". It serves: " + SERVED + ".");
    }
}
