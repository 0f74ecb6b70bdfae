package io.slsdispatch.local.service;

import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.FaultTarget;
import io.slsdispatch.local.http.HttpService;
import io.slsdispatch.local.http.Reply;
import io.slsdispatch.local.http.Request;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Operation;
import io.slsdispatch.local.wire.Refusal;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The request pipeline of the SLS API: finds the operation, verifies the signature, passes the call to its handler,
 * applies faults, and converts failures to the service's errors.
 */
public final class SlsService implements HttpService {

    private static final Logger LOG = LoggerFactory.getLogger(SlsService.class);

    private final ServerContext context;
    private final InstantSource clock;
    private final RequestIds requestIds = new RequestIds();
    private final Map<Operation, Handler> handlers = new EnumMap<>(Operation.class);

    public SlsService(ServerContext context) {
        this.context = context;
        this.clock = context.settings().clock();
        handlers.putAll(new ProjectHandlers(context.store()).handlers());
        handlers.putAll(new LogstoreHandlers(context.store()).handlers());
        handlers.putAll(new ShardHandlers(context).handlers());
        handlers.putAll(new GetCursor(context).handlers());
        handlers.putAll(new ConsumerGroupHandlers(context).handlers());
        handlers.put(Operation.PUT_LOGS, new PutLogs(context));
        handlers.put(Operation.PULL_LOGS, new PullLogs(context));
    }

    @Override
    public CompletionStage<Reply> answer(Request request, InetAddress from) {
        context.stats().request();
        try {
            return answer(Routes.match(request));
        } catch (Refusal notServed) {
            return CompletableFuture.completedFuture(named(refused("", "", notServed), Duration.ZERO));
        }
    }

    private CompletionStage<Reply> answer(Call call) {
        FaultInjector injector = context.injector();
        if (injector.isOff()) {
            return attempt(call, context.settings().assumptions().ahead());
        }
        FaultTarget target = call.faultTarget();
        Duration skew =
                injector.skew(target).plus(context.settings().assumptions().ahead());
        return injector.before(target)
                .thenCompose(go -> attempt(call, skew))
                .thenCompose(reply ->
                        injector.after(targetOf(call, reply), call.request().body().length, reply));
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
        // The shard of a put is chosen later; its faults are applied then.
        if (call.operation() != Operation.PUT_LOGS) {
            context.injector().strike(call.faultTarget(), Effect.Moment.BEFORE);
        }
        if (context.settings().verifySignatures()) {
            context.signatures().verify(request, skew);
        }
        context.injector().checkKey(call);
        context.otherAnswers().check(call);
        Handler handler = handlers.get(call.operation());
        if (handler == null) {
            throw new IllegalStateException("No handler for " + call.operation());
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
                throw cause(target, failure);
            }
            context.injector().strike(target, Effect.Moment.AFTER);
            last = reply;
        } catch (Refusal refusal) {
            result = refusal.code();
            context.stats().rejected(call.project(), call.logstore(), refusal.code());
            last = context.otherAnswers().refused(call, refusal, clock.millis());
        } catch (FaultInjector.Replaced replaced) {
            result = replaced.result();
            last = replaced.reply();
            named = replaced.isNamed();
        }
        if (reply != null && last != reply) {
            reply.discard();
            reply.shard().ifPresent(last::ofShard);
        }
        note(call, target, result);
        return named ? context.otherAnswers().sent(call, named(last, skew)) : last;
    }

    /** The cause of a failed call; an unexpected cause is converted to a refusal. */
    private static RuntimeException cause(FaultTarget target, @Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (cause instanceof Refusal || cause instanceof FaultInjector.Replaced) {
            return (RuntimeException) cause;
        }
        LOG.error(
                "{} on {}/{} failed with an internal error of SLS Local; please report it",
                target.operation(),
                target.project(),
                target.logstore(),
                cause);
        return new Refusal(ErrorCode.INTERNAL_SERVER_ERROR, "internal error of SLS Local: " + cause);
    }

    private Reply refused(String project, String logstore, Refusal refusal) {
        context.stats().rejected(project, logstore, refusal.code());
        return Reply.refused(refusal);
    }

    /** Adds the request id: the Java SDK assumes that a response without one did not come from the service. */
    private Reply named(Reply reply, Duration skew) {
        long second = (clock.millis() + skew.toMillis()) / 1000;
        if (Math.abs(second - System.currentTimeMillis() / 1000) > 1) {
            // The clock of this server is not that of the machine.
            reply.with(
                    "date",
                    DateTimeFormatter.RFC_1123_DATE_TIME.format(
                            Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC)));
        }
        return reply.with("x-log-requestid", requestIds.next()).with("x-log-time", Long.toString(second));
    }

    private static FaultTarget targetOf(Call call, @Nullable Reply reply) {
        FaultTarget target = call.faultTarget();
        return reply != null && reply.shard().isPresent()
                ? target.at(reply.shard().getAsInt())
                : target;
    }

    private void note(Call call, FaultTarget target, String result) {
        if (context.requests().isOn()) {
            context.requests()
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
