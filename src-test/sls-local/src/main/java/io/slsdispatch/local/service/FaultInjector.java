package io.slsdispatch.local.service;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.FaultTarget;
import io.slsdispatch.local.fault.Faults;
import io.slsdispatch.local.http.Reply;
import io.slsdispatch.local.signature.SignatureCheck;
import io.slsdispatch.local.store.Logstore;
import io.slsdispatch.local.store.shard.ShardInfo;
import io.slsdispatch.local.wire.Cursors;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the active faults to calls. A call passes through several methods of this class; each applies the effects of
 * one kind.
 */
public final class FaultInjector {

    private static final Logger LOG = LoggerFactory.getLogger(FaultInjector.class);
    private static final String ENDLESS_HEAD = String.join(
            "\r\n",
            "HTTP/1.1 200 OK",
            "content-type: application/json",
            "transfer-encoding: chunked",
            "x-log-requestid: 000000000000000000000000",
            "");
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Faults faults;
    private final Events events;

    FaultInjector(Faults faults, Events events) {
        this.faults = faults;
        this.events = events;
    }

    /** Thrown when a call must end with something other than a response of the service. */
    static final class Replaced extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Reply reply;
        private final String result;
        private final boolean named;

        private Replaced(Reply reply, String result, boolean named) {
            super("response replaced by a fault", null, false, false);
            this.reply = reply;
            this.result = result;
            this.named = named;
        }

        /** What to send, or what to do with the connection. */
        Reply reply() {
            return reply;
        }

        /** The result for the request log. */
        String result() {
            return result;
        }

        /** Whether the response still gets the service's request id and time. */
        boolean isNamed() {
            return named;
        }
    }

    boolean isOff() {
        return faults.isOff();
    }

    /** How far the service's clock is ahead, as seen by a call. */
    Duration skew(FaultTarget target) {
        return faults.struck(target, Effect.ClockSkew.class).stream()
                .map(strike -> strike.effect().ahead())
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Applies effects before the call takes effect. Completes when the call may continue. */
    CompletionStage<Void> before(FaultTarget target) {
        CompletionStage<Void> happened = happen(target, Effect.Moment.BEFORE);
        Duration delay = delay(target, Effect.Moment.BEFORE);
        return delay.isZero()
                ? happened
                // Not completeOnTimeout: the single thread that all timers share must not run the rest of the call.
                : happened.thenRunAsync(
                        () -> {}, CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS));
    }

    /** Applies effects after the call took effect. Completes with the response when it may be sent. */
    CompletionStage<Reply> after(FaultTarget target, int requestBytes, Reply reply) {
        CompletionStage<Void> happened = happen(target, Effect.Moment.AFTER);
        Duration delay = delay(target, Effect.Moment.AFTER);
        Reply damaged = damaged(target, reply);
        for (var strike : faults.struck(target, Effect.Bandwidth.class)) {
            long bytesPerSecond = strike.effect().bytesPerSecond();
            damaged.slowed(bytesPerSecond);
            delay = delay.plusNanos((long) ((double) requestBytes / bytesPerSecond * SECOND_NANOS));
        }
        for (var strike : faults.struck(target, Effect.SlowHead.class)) {
            damaged.slowedHead(strike.effect().bytesPerSecond());
        }
        return delay.isZero()
                ? happened.thenApply(done -> damaged)
                : happened.thenCombine(
                        new CompletableFuture<Reply>()
                                .completeOnTimeout(damaged, delay.toNanos(), TimeUnit.NANOSECONDS),
                        (done, late) -> late);
    }

    private Duration delay(FaultTarget target, Effect.Moment moment) {
        Duration delay = Duration.ZERO;
        for (var strike : faults.struck(target, Effect.Delay.class, moment)) {
            delay = delay.plus(jittered(strike.effect().time(), strike.effect().jitter()));
        }
        return delay;
    }

    private static Duration jittered(Duration time, Duration jitter) {
        return jitter.isZero()
                ? time
                : time.plusNanos(ThreadLocalRandom.current().nextLong(jitter.toNanos() + 1));
    }

    private CompletionStage<Void> happen(FaultTarget target, Effect.Moment moment) {
        CompletionStage<Void> happened = CompletableFuture.completedFuture(null);
        for (var strike : faults.struck(target, Effect.Event.class, moment)) {
            happened = happened.thenCompose(
                            go -> events.happen(strike.effect(), strike.fault().scope()))
                    .handle((done, failure) -> {
                        if (failure != null) {
                            LOG.warn(
                                    "Cannot apply event {} to logstore {}/{}",
                                    strike.effect(),
                                    strike.fault().scope().project().orElse(""),
                                    strike.fault().scope().logstore().orElse(""),
                                    failure);
                        }
                        return null;
                    });
        }
        return happened;
    }

    /**
     * Applies the effects of a moment that replace the regular response.
     *
     * @throws Refusal when the response must be an error
     * @throws Replaced when there must be no response, or one that is not the service's
     */
    void strike(FaultTarget target, Effect.Moment moment) {
        for (var strike : faults.struck(target, Effect.Refuse.class, moment)) {
            Effect.Refuse refuse = strike.effect();
            throw new Refusal(refuse.status(), refuse.code(), refuse.message());
        }
        for (var strike : faults.struck(target, Effect.Answer.class, moment)) {
            Effect.Answer answer = strike.effect();
            ByteBuf body = Unpooled.wrappedBuffer(answer.body().getBytes(StandardCharsets.UTF_8));
            throw new Replaced(
                    Reply.bytes(answer.status(), answer.contentType(), body),
                    "Answer " + answer.status(),
                    answer.requestId());
        }
        for (var strike : faults.struck(target, Effect.Endless.class, moment)) {
            Effect.Endless endless = strike.effect();
            throw new Replaced(endless(endless.part()).slowed(endless.bytesPerSecond()), "Endless", false);
        }
        if (!faults.struck(target, Effect.Reset.class, moment).isEmpty()) {
            throw new Replaced(Reply.cut(), "Reset", false);
        }
        if (!faults.struck(target, Effect.Hang.class, moment).isEmpty()) {
            throw new Replaced(Reply.hang(), "Hang", false);
        }
    }

    private static Reply endless(Effect.Part part) {
        return switch (part) {
            case INTERIM -> Reply.endless("", "HTTP/1.1 100 Continue\r\n\r\n");
            case LINE -> Reply.endless(ENDLESS_HEAD + "x-more: ", "more-");
            case HEAD -> Reply.endless(ENDLESS_HEAD, "x-more: more\r\n");
            case EXTENSION -> Reply.endless(ENDLESS_HEAD + "\r\n1;more=", "more-");
            case BODY -> Reply.endless(ENDLESS_HEAD + "\r\n", "5\r\nmore-\r\n");
            case TRAILERS -> Reply.endless(ENDLESS_HEAD + "\r\n2\r\n{}\r\n0\r\n", "x-more: more\r\n");
        };
    }

    /**
     * Applies faults that invalidate keys.
     *
     * @throws Refusal Unauthorized
     */
    void checkKey(Call call) {
        String id = SignatureCheck.accessKeyIdOf(call.request());
        boolean revoked = !faults.struck(call.faultTarget(), Effect.Revoke.class, revoke -> revoke.accessKeyId()
                        .map(id::equals)
                        .orElse(true))
                .isEmpty();
        if (revoked) {
            throw SignatureCheck.disabled(id);
        }
    }

    /**
     * Admits a put or pull under the quotas of the active faults.
     *
     * @throws Refusal with the service's code when a quota is used up
     */
    void admit(FaultTarget target, long bytes) {
        faults.admit(target, bytes);
    }

    /** How long after its response the groups of a put are written to their shard. */
    Duration lateness(FaultTarget target) {
        return faults.struck(target, Effect.LateWrite.class).stream()
                .map(strike -> jittered(strike.effect().time(), strike.effect().jitter()))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Counts the bytes that an admitted pull has read. */
    void countRead(FaultTarget target, long bytes) {
        faults.countRead(target, bytes);
    }

    /**
     * Applies faults that expire a cursor.
     *
     * @throws Refusal InvalidCursor
     */
    void expireCursor(FaultTarget target) {
        boolean expired = !faults.struck(
                        target, Effect.ExpiredCursor.class, effect -> effect.answer() == Effect.ExpiredAnswer.ERROR)
                .isEmpty();
        if (expired) {
            throw new Refusal(ErrorCode.INVALID_CURSOR, "the cursor is expired (injected fault)");
        }
    }

    /** The response to a pull at a cursor whose data is gone, empty when no fault defines it. */
    Optional<Effect.ExpiredAnswer> expired(FaultTarget target) {
        return faults
                .struck(target, Effect.ExpiredCursor.class, effect -> effect.answer() != Effect.ExpiredAnswer.ERROR)
                .stream()
                .map(strike -> strike.effect().answer())
                .findFirst();
    }

    /** The shards as ListShards returns them. */
    List<ShardInfo> listing(FaultTarget target, Logstore logstore) {
        List<ShardInfo> told = logstore.shards();
        for (var strike : faults.struck(target, Effect.ShardList.class)) {
            told = switch (strike.effect().answer()) {
                case STALE ->
                    logstore.shardsAt(strike.effect()
                            .ago()
                            .map(ago -> System.nanoTime() - ago.toNanos())
                            .orElse(strike.sinceNanos()));
                case SHUFFLED -> shuffled(told);
                case PARTIAL -> partial(told, strike.effect().omit());
            };
        }
        return told;
    }

    /**
     * The text of a cursor in a response.
     *
     * @param begin lower bound of every cursor
     */
    String cursor(FaultTarget target, Effect.CursorOf of, long position, long begin) {
        long told = position;
        Effect.Spelling spelling = Effect.Spelling.USUAL;
        for (var strike : faults.struck(target, Effect.Cursor.class, effect -> effect.of() == of)) {
            told = Math.max(Math.min(begin, told), told - strike.effect().behind());
            spelling = strike.effect().spelling();
        }
        String usual = Cursors.encode(told);
        return switch (spelling) {
            case USUAL -> usual;
            case UNPADDED -> usual.replace("=", "");
            case NEWLINE -> usual + "\n";
        };
    }

    private static List<ShardInfo> shuffled(List<ShardInfo> all) {
        List<ShardInfo> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled);
        return shuffled;
    }

    private static List<ShardInfo> partial(List<ShardInfo> all, List<Integer> omit) {
        return omit.isEmpty()
                ? all.subList(0, all.size() / 2)
                : all.stream().filter(shard -> !omit.contains(shard.id())).toList();
    }

    private Reply damaged(FaultTarget target, Reply reply) {
        Reply damaged = reply;
        for (var strike : faults.struck(target, Effect.Header.class)) {
            Effect.Header header = strike.effect();
            damaged.overridden(header.name(), header.value());
        }
        for (var strike : faults.struck(target, Effect.HeaderPlus.class)) {
            addTo(damaged, strike.effect());
        }
        if (!faults.struck(target, Effect.Corrupt.class).isEmpty()) {
            damaged = damaged.inverted();
        }
        for (var strike : faults.struck(target, Effect.Truncate.class)) {
            damaged.truncated(
                    strike.effect().keep().orElse(damaged.size() / 2),
                    strike.effect().lengthMatches());
        }
        return damaged;
    }

    private static void addTo(Reply reply, Effect.HeaderPlus header) {
        String right = reply.header(header.name());
        if (right != null) {
            try {
                String wrong = Long.toString(Long.parseLong(right) + header.plus());
                reply.without(header.name()).with(header.name(), wrong);
            } catch (NumberFormatException notANumber) {
                LOG.warn("Cannot apply fault header-plus: header {} is not a number", header.name(), notANumber);
            }
        }
    }
}
