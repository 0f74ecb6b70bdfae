package io.slsdispatch.local.service;

import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.FaultTarget;
import io.slsdispatch.local.http.Reply;
import io.slsdispatch.local.http.Request;
import io.slsdispatch.local.settings.Assumption;
import io.slsdispatch.local.settings.Assumptions;
import io.slsdispatch.local.settings.Behaviour;
import io.slsdispatch.local.settings.LoadTest;
import io.slsdispatch.local.store.Admission;
import io.slsdispatch.local.store.Logstore;
import io.slsdispatch.local.store.Route;
import io.slsdispatch.local.store.SlsStore;
import io.slsdispatch.local.store.StoredGroup;
import io.slsdispatch.local.store.shard.HashKey;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.LogGroupScanner;
import io.slsdispatch.local.wire.Refusal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Handler of PutLogs: writes one group, or several in {@code batch_group} mode, all or none. */
final class PutLogs implements Handler {

    private static final long OLDEST_SECONDS = Duration.ofDays(7).toSeconds();
    private static final long NEWEST_SECONDS = Duration.ofMinutes(15).toSeconds();

    private static final int CONTENT_TOO_LARGE = 413;

    /** The error code that the official producer recognizes for a group that is too large. */
    private static final String INVALID_LOG_SIZE = "InvalidLogSize";

    private final SlsStore store;
    private final Quotas quotas;
    private final FaultInjector injector;
    private final Stats stats;
    private final Behaviour behaviour;
    private final Assumptions assumptions;
    private final OtherAnswers otherAnswers;
    private final LoadTest loadTest;
    private final InstantSource clock;

    PutLogs(ServerContext context) {
        store = context.store();
        quotas = context.quotas();
        injector = context.injector();
        stats = context.stats();
        behaviour = context.settings().behaviour();
        assumptions = context.settings().assumptions();
        otherAnswers = context.otherAnswers();
        loadTest = context.settings().loadTest();
        clock = context.settings().clock();
    }

    @Override
    public CompletionStage<Reply> handle(Call call) {
        Request request = call.request();
        Logstore logstore = store.logstore(call.project(), call.logstore());
        boolean batch = PutBody.isList(request);
        Route route = route(call, batch);
        checkContentType(request, batch);
        checkMode(request);
        List<byte[]> bodies = otherAnswers.stored(call, PutBody.groups(request, assumptions));
        List<String> topics = new ArrayList<>(bodies.size());
        long rawBytes = 0;
        for (byte[] body : bodies) {
            topics.add(topicOf(body));
            rawBytes += body.length;
        }
        long size = rawBytes;
        Admission admission = shard -> {
            FaultTarget target = call.faultTarget().at(shard);
            strike(target, logstore, bodies);
            injector.admit(target, size);
            quotas.admitWrite(call.project(), call.logstore(), shard, size, request.body().length);
            return injector.lateness(target).plus(assumptions.lateness());
        };
        if (bodies.isEmpty() || loadTest.isForgotten(call.project(), call.logstore())) {
            Duration unused = admission.admit(0);
            stats.put(call, 0, bodies.size(), size, request.body().length);
            return CompletableFuture.completedFuture(Reply.ok().ofShard(0));
        }
        List<StoredGroup> groups = new ArrayList<>(bodies.size());
        for (int i = 0; i < bodies.size(); i++) {
            groups.add(StoredGroup.of(bodies.get(i), topics.get(i)));
        }
        return logstore.append(route, groups, admission)
                .thenCompose(shard -> leaveGap(logstore, shard))
                .thenApply(shard -> {
                    stats.put(call, shard, groups.size(), size, request.body().length);
                    return Reply.ok().ofShard(shard);
                });
    }

    private CompletionStage<Integer> leaveGap(Logstore logstore, int shard) {
        return assumptions.differs(Assumption.CURSOR_CONTIGUITY)
                ? logstore.jump(shard, 1).thenApply(done -> shard)
                : CompletableFuture.completedFuture(shard);
    }

    /**
     * Applies faults. A group that a logstore refuses as too large is sent again in parts, so its ledger records the
     * refusal.
     */
    private void strike(FaultTarget target, Logstore logstore, List<byte[]> groups) {
        try {
            injector.strike(target, Effect.Moment.BEFORE);
        } catch (Refusal refusal) {
            if (groups.size() == 1 && saysTooLarge(refusal)) {
                logstore.refusedAsTooLarge(groups.get(0));
            }
            throw refusal;
        }
    }

    private static boolean saysTooLarge(Refusal refusal) {
        return refusal.status() == CONTENT_TOO_LARGE
                || refusal.code().equalsIgnoreCase(ErrorCode.POST_BODY_TOO_LARGE.text())
                || refusal.code().equalsIgnoreCase(INVALID_LOG_SIZE);
    }

    private Route route(Call call, boolean batch) {
        String key = key(call);
        String sequence = call.request().parameter("seqid");
        if (sequence == null) {
            return key == null ? new Route.Balanced() : new Route.ByKey(HashKey.parse(key));
        }
        if (key == null) {
            throw invalid("parameter seqid needs parameter key");
        }
        if (batch && !behaviour.sequenceWithBatch()) {
            throw invalid("parameter seqid does not go together with x-log-mode batch_group");
        }
        try {
            return new Route.InSequence(HashKey.parse(key), Long.parseUnsignedLong(sequence));
        } catch (NumberFormatException notANumber) {
            throw invalid("parameter seqid " + sequence + " is not a whole number");
        }
    }

    private static @Nullable String key(Call call) {
        if (call.item().equals("lb")) {
            return null;
        }
        // On the short path, the key comes from a header, if there is one.
        return call.item().isEmpty()
                ? call.request().header("x-log-hashkey")
                : call.request().requiredParameter("key");
    }

    private static void checkContentType(Request request, boolean batch) {
        String type = request.header("content-type");
        if (type == null) {
            throw new Refusal(ErrorCode.MISSING_CONTENT_TYPE, "Content-Type does not exist in the request header");
        }
        if (!PutBody.isProtobuf(request) && (batch || !PutBody.isJson(request))) {
            throw new Refusal(
                    ErrorCode.INVALID_CONTENT_TYPE, "Content-Type " + type + " is not application/x-protobuf");
        }
    }

    private static void checkMode(Request request) {
        String mode = request.header("x-log-mode", "");
        if (!mode.isEmpty() && !PutBody.isList(request)) {
            throw new Refusal(
                    ErrorCode.NOT_SUPPORTED,
                    "SLS Local does not serve x-log-mode " + mode
                            + ": it serves PutLogs without mode and with batch_group");
        }
    }

    /** Validates a group and returns its topic. */
    private String topicOf(byte[] group) {
        LogGroupScanner.Summary summary =
                LogGroupScanner.scan(group, behaviour.strictText() || assumptions.differs(Assumption.INVALID_TEXT));
        if (summary.logs() > 0) {
            long now = clock.millis() / 1000;
            boolean old = summary.earliestTime() < now - OLDEST_SECONDS
                    && (behaviour.strictTimestamps() || assumptions.differs(Assumption.OLD_LOG_TIMES));
            boolean future = summary.latestTime() > now + NEWEST_SECONDS
                    && (behaviour.strictTimestamps() || assumptions.differs(Assumption.FUTURE_LOG_TIMES));
            if (old || future) {
                throw new Refusal(
                        ErrorCode.INVALID_TIMESTAMP,
                        "a log's time is not between 7 days ago and 15 minutes ahead: " + summary.earliestTime()
                                + " to " + summary.latestTime());
            }
        }
        return summary.topic();
    }

    private static Refusal invalid(String message) {
        return new Refusal(ErrorCode.PARAMETER_INVALID, message);
    }
}
