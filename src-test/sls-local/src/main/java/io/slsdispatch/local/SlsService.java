package io.slsdispatch.local;

import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.FaultTarget;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.HttpService;
import io.slsdispatch.local.wire.Operation;
import io.slsdispatch.local.wire.Refusal;
import io.slsdispatch.local.wire.Reply;
import io.slsdispatch.local.wire.Request;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every request's way: find the operation, verify the signature, hand the call to its handler, let faults strike, and turn
 * what went wrong into the service's errors.
 */
final class SlsService implements HttpService {

    private static final Logger LOG = LoggerFactory.getLogger(SlsService.class);

    private final Parts parts;
    private final InstantSource clock;
    private final boolean verifySignatures;
    private final Administration administration;
    private final RequestIds requestIds = new RequestIds();
    private final Map<Operation, Handler> handlers = new EnumMap<>(Operation.class);

    SlsService(Parts parts, SlsLocalOptions options) {
        this.parts = parts;
        this.clock = options.clock();
        this.verifySignatures = options.verifySignatures();
        this.administration = new Administration(parts, clock);
        handlers.putAll(new ProjectHandlers(parts.store()).handlers());
        handlers.putAll(new LogstoreHandlers(parts.store()).handlers());
        handlers.putAll(new ShardHandlers(parts).handlers());
        handlers.putAll(new GetCursor(parts, clock).handlers());
        handlers.putAll(new ConsumerGroupHandlers(parts.store()).handlers());
        handlers.put(Operation.PUT_LOGS, new PutLogs(parts, options));
        handlers.put(Operation.PULL_LOGS, new PullLogs(parts, options));
    }

    @Override
    public CompletionStage<Reply> answer(Request request, InetAddress from) {
        if (!request.path().isEmpty() && request.path().get(0).equals(Administration.ROOT)) {
            return administration.answer(request, from);
        }
        parts.stats().request();
        try {
            return answer(Routes.match(request));
        } catch (Refusal notServed) {
            return CompletableFuture.completedFuture(named(refused("", "", notServed), Duration.ZERO));
        }
    }

    private CompletionStage<Reply> answer(Call call) {
        Interference interference = parts.interference();
        if (interference.isOff()) {
            return attempt(call, Duration.ZERO);
        }
        FaultTarget target = call.faultTarget();
        Duration skew = interference.skew(target);
        return interference
                .before(target)
                .thenCompose(go -> attempt(call, skew))
                .thenCompose(reply ->
                        interference.after(targetOf(call, reply), call.request().body().length, reply));
    }

    private CompletionStage<Reply> attempt(Call call, Duration skew) {
        CompletionStage<Reply> handled;
        try {
            handled = handle(call, skew);
        } catch (RuntimeException refused) {
            handled = CompletableFuture.failedFuture(refused);
        }
        return handled.handle((reply, failure) -> finish(call, skew, reply, failure));
    }

    private CompletionStage<Reply> handle(Call call, Duration skew) {
        Request request = call.request();
        if (request.unreadable() != null) {
            throw request.unreadable();
        }
        // The shard of a put is chosen later, and its faults strike then.
        if (call.operation() != Operation.PUT_LOGS) {
            parts.interference().strike(call.faultTarget(), Effect.Moment.BEFORE);
        }
        if (verifySignatures) {
            parts.signatures().verify(request, skew);
        }
        parts.interference().checkKey(call);
        Handler handler = handlers.get(call.operation());
        if (handler == null) {
            throw new IllegalStateException("no handler for " + call.operation());
        }
        return handler.handle(call);
    }

    private Reply finish(Call call, Duration skew, @Nullable Reply reply, @Nullable Throwable failure) {
        FaultTarget target = targetOf(call, reply);
        String result = "OK";
        boolean named = true;
        Reply last;
        try {
            if (reply == null) {
                throw cause(failure);
            }
            parts.interference().strike(target, Effect.Moment.AFTER);
            last = reply;
        } catch (Refusal refusal) {
            result = refusal.code();
            last = refused(call.project(), call.logstore(), refusal);
        } catch (Interference.Replaced replaced) {
            result = replaced.result();
            last = replaced.reply();
            named = replaced.isNamed();
        }
        if (reply != null && last != reply) {
            reply.discard();
            reply.shard().ifPresent(last::ofShard);
        }
        note(call, target, result);
        return named ? named(last, skew) : last;
    }

    /** What stands behind a failed call, as a refusal if it was not meant to fail. */
    private static RuntimeException cause(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (cause instanceof Refusal || cause instanceof Interference.Replaced) {
            return (RuntimeException) cause;
        }
        LOG.error("a call failed", cause);
        return new Refusal(ErrorCode.INTERNAL_SERVER_ERROR, "SLS Local failed: " + cause);
    }

    private Reply refused(String project, String logstore, Refusal refusal) {
        parts.stats().rejected(project, logstore, refusal.code());
        return Reply.refused(refusal);
    }

    /** Java takes an answer without request id for one that never came from the service. */
    private Reply named(Reply reply, Duration skew) {
        long second = (clock.millis() + skew.toMillis()) / 1000;
        return reply.with("x-log-requestid", requestIds.next()).with("x-log-time", Long.toString(second));
    }

    private static FaultTarget targetOf(Call call, @Nullable Reply reply) {
        FaultTarget target = call.faultTarget();
        return reply != null && reply.shard().isPresent()
                ? target.at(reply.shard().getAsInt())
                : target;
    }

    private void note(Call call, FaultTarget target, String result) {
        if (parts.requests().isOn()) {
            parts.requests()
                    .add(new RequestLog.Entry(
                            clock.millis(),
                            call.operation().text(),
                            call.project(),
                            call.logstore(),
                            target.shard().orElse(-1),
                            call.request().query().getOrDefault("cursor", ""),
                            call.request().header("user-agent", ""),
                            result));
        }
    }
}
