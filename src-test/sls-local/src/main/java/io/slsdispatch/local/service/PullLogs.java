package io.slsdispatch.local.service;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.http.Reply;
import io.slsdispatch.local.settings.Assumption;
import io.slsdispatch.local.settings.Assumptions;
import io.slsdispatch.local.settings.LoadTest;
import io.slsdispatch.local.store.ShardLog;
import io.slsdispatch.local.store.SlsStore;
import io.slsdispatch.local.wire.Compression;
import io.slsdispatch.local.wire.Cursors;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.GroupList;
import io.slsdispatch.local.wire.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Handler of PullLogs: returns groups of one shard, starting at a cursor. */
final class PullLogs implements Handler {

    private static final int MAX_COUNT = 1000;
    private static final long MAX_BYTES = 10 * 1024 * 1024;

    private final SlsStore store;
    private final Quotas quotas;
    private final FaultInjector injector;
    private final Stats stats;
    private final boolean skipExpired;
    private final Assumptions assumptions;
    private final OtherAnswers otherAnswers;
    private final LoadTest loadTest;
    private final EncodedBatches encodedBatches =
            new EncodedBatches(Runtime.getRuntime().maxMemory() / 8);
    private final ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;

    PullLogs(ServerContext context) {
        store = context.store();
        quotas = context.quotas();
        injector = context.injector();
        stats = context.stats();
        skipExpired = context.settings().behaviour().skipExpiredCursors();
        assumptions = context.settings().assumptions();
        otherAnswers = context.otherAnswers();
        loadTest = context.settings().loadTest();
    }

    @Override
    public CompletionStage<Reply> handle(Call call) {
        ShardLog log = GetCursor.log(store, call);
        int count = count(call);
        long cursor = Cursors.decode(call.request().requiredParameter("cursor"));
        String endCursor = call.request().parameter("end_cursor");
        long before = endCursor == null || endCursor.isEmpty() ? Long.MAX_VALUE : Cursors.decode(endCursor);
        injector.expireCursor(call.faultTarget());
        injector.admit(call.faultTarget(), 0);
        quotas.admitRead(call.project(), call.logstore(), call.shard());
        Optional<Effect.ExpiredAnswer> expired = expired(call, log, cursor);
        long from = expired.isPresent() ? log.begin() : cursor;
        if (expired.equals(Optional.of(Effect.ExpiredAnswer.MOVED))) {
            return CompletableFuture.completedFuture(empty(call, log, new ShardLog.Batch(List.of(), from, 0)));
        }
        GetCursor.check(log, isEndless(call) ? Math.min(from, log.end()) : from);
        ShardLog.Batch batch = isEndless(call)
                ? log.readRoundAndRound(from, count, MAX_BYTES)
                : log.read(from, before, count, MAX_BYTES);
        return CompletableFuture.completedFuture(
                batch.groups().isEmpty() ? empty(call, log, batch) : full(call, log, from, batch));
    }

    private boolean isEndless(Call call) {
        return loadTest.isEndless(call.project(), call.logstore());
    }

    private static int count(Call call) {
        call.request().requiredParameter("count");
        int count = call.number("count", 0);
        if (count < 1 || count > MAX_COUNT) {
            throw new Refusal(
                    ErrorCode.PARAMETER_INVALID, "parameter count " + count + " is not between 1 and " + MAX_COUNT);
        }
        return count;
    }

    /** The response to an expired cursor, if it is not an error. */
    private Optional<Effect.ExpiredAnswer> expired(Call call, ShardLog log, long cursor) {
        if (cursor >= log.begin()) {
            return Optional.empty();
        }
        Optional<Effect.ExpiredAnswer> asked = injector.expired(call.faultTarget());
        return asked.isEmpty() && (skipExpired || assumptions.differs(Assumption.EXPIRED_CURSORS))
                ? Optional.of(Effect.ExpiredAnswer.SKIP)
                : asked;
    }

    private Reply empty(Call call, ShardLog log, ShardLog.Batch batch) {
        stats.pulled(call, 0, 0, 0);
        return headers(
                Reply.bytes("application/x-protobuf", Unpooled.EMPTY_BUFFER),
                next(call, log, batch),
                0,
                batch.next() >= log.end(),
                0);
    }

    private Reply full(Call call, ShardLog log, long from, ShardLog.Batch batch) {
        Compression compression = Compression.ofAcceptEncoding(
                otherAnswers.encoding(call.request().header("accept-encoding")));
        EncodedBatches.Body encoded =
                isEndless(call) ? encodedOnce(log, from, batch, compression) : encode(batch.groups(), compression);
        int rawSize = encoded.rawSize();
        ByteBuf body = encoded.bytes();
        injector.countRead(call.faultTarget(), rawSize);
        quotas.countRead(call.project(), call.logstore(), call.shard(), rawSize, body.readableBytes());
        stats.pulled(call, batch.groups().size(), rawSize, body.readableBytes());
        boolean atEnd = !isEndless(call) && batch.next() >= log.end();
        int count = batch.groups().size();
        Reply reply = headers(
                        Reply.bytes("application/x-protobuf", body), next(call, log, batch), count, atEnd, rawSize)
                .with("x-log-cursor-time", Long.toString(batch.lastMillis() / 1000))
                .with("x-log-read-last-cursor", Long.toString(batch.next() - 1));
        return compression == Compression.NONE ? reply : reply.with("x-log-compresstype", compression.text());
    }

    private EncodedBatches.Body encode(List<byte[]> groups, Compression compression) {
        ByteBuf raw = GroupList.write(groups, allocator);
        int rawSize = raw.readableBytes();
        return new EncodedBatches.Body(compression.compress(raw, allocator), rawSize);
    }

    private EncodedBatches.Body encodedOnce(ShardLog log, long from, ShardLog.Batch batch, Compression compression) {
        var key = new EncodedBatches.Key(
                log, log.placeInRound(from), batch.groups().size(), compression);
        EncodedBatches.Body kept = encodedBatches.find(key);
        if (kept != null) {
            return kept;
        }
        EncodedBatches.Body encoded = encode(batch.groups(), compression);
        encodedBatches.keep(key, encoded);
        return encoded;
    }

    private String next(Call call, ShardLog log, ShardLog.Batch batch) {
        return injector.cursor(call.faultTarget(), Effect.CursorOf.PULL, batch.next(), log.begin());
    }

    private static Reply headers(Reply reply, String next, int count, boolean atEnd, int rawSize) {
        return reply.with("x-log-bodyrawsize", Integer.toString(rawSize))
                .with("x-log-count", Integer.toString(count))
                .with("x-log-cursor", next)
                .with("x-log-end-of-cursor", atEnd ? "1" : "0");
    }
}
