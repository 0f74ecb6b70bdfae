package io.slsdispatch.local.service;

import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.http.Reply;
import io.slsdispatch.local.store.ShardLog;
import io.slsdispatch.local.store.SlsStore;
import io.slsdispatch.local.wire.Cursors;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Operation;
import io.slsdispatch.local.wire.Refusal;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Handlers of GetCursor and GetCursorTime. Times are times of receipt, in whole seconds. */
final class GetCursor {

    private static final long SECOND = 1000;

    private final SlsStore store;
    private final FaultInjector injector;
    private final OtherAnswers otherAnswers;
    private final InstantSource clock;

    GetCursor(ServerContext context) {
        this.store = context.store();
        this.injector = context.injector();
        this.otherAnswers = context.otherAnswers();
        this.clock = context.settings().clock();
    }

    Map<Operation, Handler> handlers() {
        return Map.of(Operation.GET_CURSOR, this::cursor, Operation.GET_CURSOR_TIME, this::time);
    }

    private CompletionStage<Reply> cursor(Call call) {
        ShardLog log = log(store, call);
        String from = call.request().requiredParameter("from");
        String cursor = injector.cursor(call.faultTarget(), of(from), position(log, from), log.begin());
        return CompletableFuture.completedFuture(
                Reply.json(Map.of("cursor", otherAnswers.cursor(call, log, from, cursor))));
    }

    private static Effect.CursorOf of(String from) {
        return switch (from) {
            case "begin" -> Effect.CursorOf.BEGIN;
            case "end" -> Effect.CursorOf.END;
            default -> Effect.CursorOf.TIME;
        };
    }

    private static long position(ShardLog log, String from) {
        if (from.equals("begin")) {
            return log.begin();
        }
        if (from.equals("end")) {
            return log.end();
        }
        long second = second(from);
        return log.firstReceivedFrom(second > Long.MAX_VALUE / SECOND ? Long.MAX_VALUE : second * SECOND);
    }

    private static long second(String from) {
        try {
            long second = Long.parseLong(from);
            if (second >= 0) {
                return second;
            }
        } catch (NumberFormatException notATime) {
            // Rejected below.
        }
        throw new Refusal(
                ErrorCode.PARAMETER_INVALID,
                "parameter from " + from + " is not begin, end, or a time in unix seconds");
    }

    private CompletionStage<Reply> time(Call call) {
        ShardLog log = log(store, call);
        long position = Cursors.decode(call.request().requiredParameter("cursor"));
        check(log, position);
        otherAnswers.checkCursorTime(log, position);
        return CompletableFuture.completedFuture(Reply.json(Map.of("cursor_time", millis(log, position) / SECOND)));
    }

    private long millis(ShardLog log, long position) {
        if (position < log.end()) {
            return log.receivedMillis(position);
        }
        // No group has the end position yet, but the Python SDK expects a response.
        return log.begin() < position ? log.receivedMillisBefore(position).orElseGet(clock::millis) : clock.millis();
    }

    /**
     * Checks that a pull may start at a position.
     *
     * @throws Refusal InvalidCursor
     */
    static void check(ShardLog log, long position) {
        if (position < log.begin() || position > log.end()) {
            throw new Refusal(
                    ErrorCode.INVALID_CURSOR,
                    "cursor " + Cursors.encode(position) + " is outside the shard's data, from "
                            + Cursors.encode(log.begin()) + " to " + Cursors.encode(log.end()));
        }
    }

    /**
     * The groups of the shard that the call names.
     *
     * @throws Refusal ProjectNotExist, LogStoreNotExist or ShardNotExist
     */
    static ShardLog log(SlsStore store, Call call) {
        int shard = call.shard();
        return store.logstore(call.project(), call.logstore())
                .log(shard)
                .orElseThrow(() -> new Refusal(ErrorCode.SHARD_NOT_EXIST, "shard " + shard + " does not exist"));
    }
}
