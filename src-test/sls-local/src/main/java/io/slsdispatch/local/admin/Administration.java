package io.slsdispatch.local.admin;

import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.fault.FaultJson;
import io.slsdispatch.local.http.HttpService;
import io.slsdispatch.local.http.Reply;
import io.slsdispatch.local.http.Request;
import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.ledger.LedgerLines;
import io.slsdispatch.local.service.Events;
import io.slsdispatch.local.service.RequestLog;
import io.slsdispatch.local.service.ServerContext;
import io.slsdispatch.local.signature.Credential;
import io.slsdispatch.local.store.Logstore;
import io.slsdispatch.local.store.shard.ShardInfo;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The administration endpoints under {@code /_local/}, for tests and people on this machine. Requests need no
 * signature; {@link AdminAccess} decides which are answered. No response may be read by a page of another site.
 *
 * <ul>
 *   <li>{@code GET /_local/}: the console page, which shows the live state from {@code GET /_local/state}
 *   <li>{@code GET /_local/health}: {@code {"status": "ok"}} as soon as the server answers
 *   <li>{@code GET /_local/stats}: writes and reads per logstore and shard; rejected requests by error code
 *   <li>{@code GET /_local/ledger?project=P&logstore=L}: the ledger: every group written, one JSON object per line, see
 *       {@link LedgerLines}
 *   <li>{@code GET /_local/groups?project=P&logstore=L&shard=S&count=N}: the newest groups, of all shards if none is
 *       named, with topic, source, tags and their first logs as text
 *   <li>{@code GET /_local/refused-groups?project=P&logstore=L}: the digests of the groups that were refused as too
 *       large, each with the digests of the parts into which it is then split
 *   <li>{@code GET /_local/requests}: the last requests, if recording is on
 *   <li>{@code GET /_local/faults}, {@code POST /_local/faults} with a fault or an array of them as JSON (see
 *       {@link FaultJson}), {@code DELETE /_local/faults} and {@code DELETE /_local/faults/ID}
 *   <li>{@code POST /_local/events} with an event as JSON: triggers it immediately
 *   <li>{@code GET /_local/credentials}: the ids of the valid keys; {@code PUT /_local/credentials} with
 *       {@code [{"accessKeyId": ..., "accessKeySecret": ..., "securityToken": ...}]}: replaces the valid keys
 *   <li>{@code POST /_local/reset}: deletes all projects, switches faults off, resets statistics
 * </ul>
 */
public final class Administration implements HttpService {

    private static final String ROOT = "_local";
    private static final int NEWEST_GROUPS = 10;

    /** The page needs nothing from elsewhere, and no page of another site may show it in a frame. */
    private static final String PAGE_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none';"
                    + " form-action 'none'; frame-ancestors 'none'";

    private final ServerContext context;
    private final ConsoleState state;
    private final AdminAccess access;

    /** @param hosts host names that are answered in addition to those of this machine, also to other machines */
    public Administration(ServerContext context, Collection<String> hosts) {
        this.context = context;
        this.access = new AdminAccess(hosts);
        this.state = new ConsoleState(context);
    }

    /** Whether a request is for this service and not for the API. */
    public static boolean isFor(Request request) {
        return !request.path().isEmpty() && request.path().get(0).equals(ROOT);
    }

    @Override
    public CompletionStage<Reply> answer(Request request, InetAddress from) {
        return answerOrRefuse(request, from).thenApply(Administration::forOwnPages);
    }

    private CompletionStage<Reply> answerOrRefuse(Request request, InetAddress from) {
        try {
            access.check(request, from);
            return answer(request);
        } catch (Refusal refusal) {
            return completed(Reply.refused(refusal));
        }
    }

    /** The API lets a page of any site read its responses, as the service does. */
    private static Reply forOwnPages(Reply reply) {
        return reply.overridden("access-control-allow-origin", null)
                .with("content-security-policy", PAGE_POLICY)
                .with("x-content-type-options", "nosniff");
    }

    private CompletionStage<Reply> answer(Request request) {
        List<String> path = request.path();
        return switch (request.method() + " " + String.join("/", path.subList(1, path.size()))) {
            case "GET health" -> completed(Reply.json(Map.of("status", "ok")));
            case "GET state" -> completed(Reply.json(state.toJson()));
            case "GET stats" -> completed(Reply.json(context.stats().toJson(context.store())));
            case "GET requests" ->
                completed(Reply.json(context.requests().entries().stream()
                        .map(RequestLog.Entry::toJson)
                        .toList()));
            case "GET ledger" -> completed(ledger(request));
            case "GET groups" -> completed(groups(request));
            case "GET refused-groups" -> completed(refusedGroups(request));
            case "POST reset" -> reset();
            case "GET faults" ->
                completed(Reply.json(
                        context.faults().list().stream().map(FaultJson::write).toList()));
            case "POST faults" -> completed(addFaults(request));
            case "POST events" -> happen(request);
            case "GET credentials" -> completed(Reply.json(context.signatures().accessKeyIds()));
            case "PUT credentials" -> completed(accept(request));
            case "DELETE faults" -> {
                context.faults().clear();
                yield completed(Reply.ok());
            }
            default -> completed(fileOf(request).orElseGet(() -> removeFault(request)));
        };
    }

    private static Optional<Reply> fileOf(Request request) {
        List<String> path = request.path();
        return request.method().equals("GET") && path.size() <= 2
                ? ConsoleFiles.find(path.size() == 1 ? "" : path.get(1))
                : Optional.empty();
    }

    private Reply groups(Request request) {
        return Reply.json(new NewestGroups(logstore(request))
                .toJson(number(request, "shard"), number(request, "count").orElse(NEWEST_GROUPS)));
    }

    private static OptionalInt number(Request request, String name) {
        String text = request.parameter(name);
        try {
            return text == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
        } catch (NumberFormatException notANumber) {
            throw new Refusal(
                    ErrorCode.PARAMETER_INVALID, "parameter " + name + " is '" + text + "', expected a number");
        }
    }

    private Reply ledger(Request request) {
        return Reply.lines(LedgerLines.write(logstore(request).ledger()));
    }

    private Reply refusedGroups(Request request) {
        Map<String, List<String>> json = new TreeMap<>();
        logstore(request)
                .partsOfRefused()
                .forEach((group, made) -> json.put(
                        group.toString(),
                        made.stream().map(GroupDigest::toString).toList()));
        return Reply.json(json);
    }

    private Logstore logstore(Request request) {
        return context.store().logstore(request.requiredParameter("project"), request.requiredParameter("logstore"));
    }

    private CompletionStage<Reply> reset() {
        context.faults().clear();
        return context.store().clear().thenApply(done -> {
            context.stats().reset();
            context.requests().clear();
            return Reply.ok();
        });
    }

    private Reply addFaults(Request request) {
        List<Long> ids = understood(FaultJson::readAll, request).stream()
                .map(context.faults()::add)
                .toList();
        return Reply.json(ids.size() == 1 ? Map.of("id", ids.get(0), "ids", ids) : Map.of("ids", ids));
    }

    private CompletionStage<Reply> happen(Request request) {
        Fault fault = understood(FaultJson::readEvent, request);
        if (!(fault.effect() instanceof Effect.Event event)) {
            throw new IllegalStateException("Not an event: " + fault.effect());
        }
        return new Events(context.store()).happen(event, fault.scope()).handle((done, failure) -> {
            if (failure == null) {
                return Reply.json(shards(fault.scope()));
            }
            Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
            return Reply.refused(
                    cause instanceof Refusal refusal
                            ? refusal
                            : new Refusal(ErrorCode.INTERNAL_SERVER_ERROR, "internal error of SLS Local: " + cause));
        });
    }

    /** The shards of the logstore after an event. */
    private List<Map<String, Object>> shards(Fault.Scope subject) {
        try {
            return context
                    .store()
                    .logstore(
                            subject.project().orElseThrow(), subject.logstore().orElseThrow())
                    .shards()
                    .stream()
                    .map(ShardInfo::toJson)
                    .toList();
        } catch (Refusal deleted) {
            return List.of();
        }
    }

    private Reply accept(Request request) {
        List<Credential> credentials = understood(CredentialJson::read, request);
        context.signatures().accept(credentials);
        return Reply.json(context.signatures().accessKeyIds());
    }

    private static <T> T understood(Function<byte[], T> reader, Request request) {
        try {
            return reader.apply(request.body());
        } catch (IllegalArgumentException notUnderstood) {
            throw new Refusal(ErrorCode.PARAMETER_INVALID, String.valueOf(notUnderstood.getMessage()));
        }
    }

    private Reply removeFault(Request request) {
        List<String> path = request.path();
        if (!request.method().equals("DELETE")
                || path.size() != 3
                || !path.get(1).equals("faults")) {
            throw new Refusal(
                    404,
                    ErrorCode.NOT_SUPPORTED.text(),
                    "not found: " + request.method() + " " + request.target().rawPath());
        }
        try {
            if (context.faults().remove(Long.parseLong(path.get(2)))) {
                return Reply.ok();
            }
        } catch (NumberFormatException notAnId) {
            // Rejected below.
        }
        throw new Refusal(404, ErrorCode.PARAMETER_INVALID.text(), "fault " + path.get(2) + " does not exist");
    }

    private static CompletionStage<Reply> completed(Reply reply) {
        return CompletableFuture.completedFuture(reply);
    }
}
