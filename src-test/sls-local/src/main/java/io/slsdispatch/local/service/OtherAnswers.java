package io.slsdispatch.local.service;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.slsdispatch.local.http.Reply;
import io.slsdispatch.local.http.Request;
import io.slsdispatch.local.settings.Assumption;
import io.slsdispatch.local.settings.Assumptions;
import io.slsdispatch.local.store.ShardLog;
import io.slsdispatch.local.store.shard.ShardInfo;
import io.slsdispatch.local.wire.Compression;
import io.slsdispatch.local.wire.Cursors;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.GroupFields;
import io.slsdispatch.local.wire.LogGroupScanner;
import io.slsdispatch.local.wire.Operation;
import io.slsdispatch.local.wire.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Answers other than the assumed ones, for the assumptions that are switched. A call passes through several methods. */
final class OtherAnswers {

    /** How many listings and puts are as before a split or merge: a client that asks every 2 s waits 80 s. */
    private static final int STALE = 40;

    private static final String SCHEME_V4 = "SLS4-";

    private static final Map<Assumption, Operation> HEADERS_OF_PULLS = Map.of(
            Assumption.HEADER_CURSOR_TIME, Operation.PULL_LOGS,
            Assumption.HEADER_READ_LAST_CURSOR, Operation.PULL_LOGS,
            Assumption.HEADER_END_OF_CURSOR, Operation.PULL_LOGS);

    private record Code(
            Assumption assumption, ErrorCode code, @Nullable Operation operation) {}

    private static final List<Code> CODES = List.of(
            new Code(Assumption.CODE_MISSING_LOGSTORE, ErrorCode.LOGSTORE_NOT_EXIST, null),
            new Code(Assumption.CODE_MISSING_SHARD, ErrorCode.SHARD_NOT_EXIST, null),
            new Code(Assumption.CODE_MISSING_GROUP, ErrorCode.CONSUMER_GROUP_NOT_EXIST, null),
            new Code(Assumption.CODE_MALFORMED_CURSOR, ErrorCode.PARAMETER_INVALID, Operation.PULL_LOGS),
            new Code(Assumption.CODE_CURSOR_BEYOND_END, ErrorCode.INVALID_CURSOR, Operation.PULL_LOGS),
            new Code(Assumption.CURSOR_TIME_BEYOND, ErrorCode.INVALID_CURSOR, Operation.GET_CURSOR_TIME),
            new Code(Assumption.CODE_WRONG_SECRET, ErrorCode.SIGNATURE_NOT_MATCH, null),
            new Code(Assumption.CODE_WRONG_TIME, ErrorCode.REQUEST_TIME_EXPIRED, null),
            new Code(Assumption.CODE_TOO_LARGE, ErrorCode.POST_BODY_TOO_LARGE, Operation.PUT_LOGS),
            new Code(Assumption.CODE_REFUSED_PUT, ErrorCode.PARAMETER_INVALID, Operation.PUT_LOGS),
            new Code(Assumption.CODE_GROUP_QUOTA, ErrorCode.CONSUMER_GROUP_QUOTA_EXCEED, null));

    private record Stale(List<ShardInfo> shards, int listings, int puts) {}

    private final Assumptions assumptions;
    private final Map<String, Stale> resharded = new ConcurrentHashMap<>();
    private final Map<String, Boolean> endsAsked = new ConcurrentHashMap<>();

    OtherAnswers(Assumptions assumptions) {
        this.assumptions = assumptions;
    }

    /**
     * Refuses calls that the service does not accept.
     *
     * @throws Refusal with the answer of the switch
     */
    void check(Call call) {
        if (assumptions.allHold()) {
            return;
        }
        Request request = call.request();
        String authorization = request.header("authorization", "");
        refuseIf(authorization.startsWith(SCHEME_V4), Assumption.SIGNATURE_V4);
        refuseIf(
                authorization.startsWith("LOG ")
                        && request.header("date") != null
                        && request.header("x-log-date") != null,
                Assumption.UNSIGNED_DATE);
        if (call.operation() == Operation.PUT_LOGS) {
            boolean byKey = call.item().equals("route");
            refuseIf(PutBody.isList(request), byKey ? Assumption.BATCH_GROUP_ROUTE : Assumption.BATCH_GROUP_LB);
            refuseIf("zstd".equals(request.header("x-log-compresstype")), Assumption.PUT_ZSTD);
            checkStale(call, byKey);
        }
        if (call.operation() == Operation.UPDATE_CHECK_POINT) {
            refuseIf(request.query().getOrDefault("consumer", "").isEmpty(), Assumption.COMMIT_WITHOUT_CONSUMER);
        }
    }

    private void checkStale(Call call, boolean byKey) {
        if (byKey && assumptions.differs(Assumption.SPLIT_WRITES)) {
            Stale left = resharded.computeIfPresent(
                    name(call), (name, stale) -> new Stale(stale.shards(), stale.listings(), stale.puts() - 1));
            if (left != null && left.puts() >= 0) {
                throw new Refusal(ErrorCode.SERVER_BUSY, "the shard is being split");
            }
        }
    }

    private void refuseIf(boolean condition, Assumption assumption) {
        if (condition) {
            assumptions.refused(assumption).ifPresent(OtherAnswers::refuse);
        }
    }

    private static void refuse(Assumptions.Refused refused) {
        throw new Refusal(refused.status(), refused.code(), "the switch of an assumption of SLS Local is on");
    }

    /**
     * The groups that a put stores.
     *
     * @throws Refusal when the service does not accept one
     */
    List<byte[]> stored(Call call, List<byte[]> groups) {
        if (assumptions.allHold()) {
            return groups;
        }
        List<byte[]> stored = new ArrayList<>();
        boolean recoded = groups.size() == 1 && isRecoded(call.request(), groups.get(0));
        for (byte[] group : groups) {
            byte[] kept = content(group);
            LogGroupScanner.Summary summary = LogGroupScanner.scan(group, false);
            if (recoded) {
                refuseIf(true, Assumption.CUT_BLOCKS);
                kept = assumptions.differs(Assumption.CUT_BLOCKS) ? damaged(kept) : kept;
            }
            if (summary.logs() == 0 && assumptions.differs(Assumption.EMPTY_GROUP)) {
                refuseIf(true, Assumption.EMPTY_GROUP);
                continue;
            }
            stored.add(kept);
        }
        if (assumptions.differs(Assumption.BATCH_GROUP_ORDER)) {
            Collections.reverse(stored);
        }
        return stored;
    }

    private byte[] content(byte[] group) {
        byte[] withoutCategory = GroupFields.withoutCategory(group);
        boolean hasCategory = withoutCategory.length < group.length;
        refuseIf(hasCategory, Assumption.CATEGORY);
        byte[] kept = hasCategory && assumptions.differs(Assumption.CATEGORY) ? withoutCategory : group;
        byte[] known = GroupFields.withoutUnknown(kept);
        refuseIf(known.length < kept.length, Assumption.UNKNOWN_FIELDS);
        return assumptions.differs(Assumption.UNKNOWN_FIELDS) ? known : kept;
    }

    /** Adds a field, so that the group is valid and differs. */
    private static byte[] damaged(byte[] group) {
        byte[] longer = Arrays.copyOf(group, group.length + 2);
        longer[group.length] = 15 << 3;
        return longer;
    }

    /** Whether an LZ4 block is not as the usual encoder would write it. */
    private boolean isRecoded(Request request, byte[] group) {
        if (!assumptions.differs(Assumption.CUT_BLOCKS) || !"lz4".equals(request.header("x-log-compresstype"))) {
            return false;
        }
        ByteBuf usual = Compression.LZ4.compress(Unpooled.wrappedBuffer(group), ByteBufAllocator.DEFAULT);
        try {
            return !Arrays.equals(ByteBufUtil.getBytes(usual), request.body());
        } finally {
            usual.release();
        }
    }

    /** The cursor in an answer to GetCursor. */
    String cursor(Call call, ShardLog log, String from, String cursor) {
        String text = cursor;
        if (from.equals("end")
                && assumptions.differs(Assumption.SPLIT_PARENT)
                && isParent(call)
                && endsAsked.putIfAbsent(name(call) + "/" + call.item(), true) == null) {
            text = Cursors.encode(Math.max(log.begin(), log.end() - 1));
        }
        Optional<String> form = assumptions.other(Assumption.CURSOR_FORM);
        if (form.isEmpty()) {
            return text;
        }
        return form.get().contains("line end") ? text + "\n" : text.replace("=", "");
    }

    private boolean isParent(Call call) {
        Stale stale = resharded.get(name(call));
        return stale != null
                && stale.shards().stream()
                        .anyMatch(shard -> String.valueOf(shard.id()).equals(call.item()));
    }

    /**
     * Refuses a look-up of the time at a place of a shard.
     *
     * @throws Refusal with the answer of the switch
     */
    void checkCursorTime(ShardLog log, long position) {
        refuseIf(position == log.begin() && position < log.end(), Assumption.CURSOR_TIME_BEGIN);
        refuseIf(position == log.end(), Assumption.CURSOR_TIME_END);
    }

    /** The shards before a split or merge, for the listings after it. */
    void resharding(Call call, List<ShardInfo> before) {
        if (!assumptions.allHold()) {
            boolean listed = assumptions.differs(
                    call.operation() == Operation.SPLIT_SHARD ? Assumption.SPLIT_LISTED : Assumption.MERGE_LISTED);
            resharded.put(name(call), new Stale(before, listed ? STALE : 0, STALE));
        }
    }

    /** The shards as ListShards returns them. */
    List<ShardInfo> listing(Call call, List<ShardInfo> shards) {
        if (assumptions.allHold()) {
            return shards;
        }
        Stale left = resharded.computeIfPresent(
                name(call), (name, stale) -> new Stale(stale.shards(), stale.listings() - 1, stale.puts()));
        return left != null && left.listings() >= 0 ? left.shards() : shards;
    }

    /** The encoding of a pull that a client asks for. */
    @Nullable
    String encoding(@Nullable String accepted) {
        return assumptions.differs(Assumption.PULL_ZSTD) ? "lz4" : accepted;
    }

    /** The answer to a refused call. */
    Reply refused(Call call, Refusal refusal, long nowMillis) {
        for (Code each : CODES) {
            if (each.code().text().equals(refusal.code())
                    && (each.operation() == null || each.operation() == call.operation())
                    && assumptions.differs(each.assumption())) {
                return assumptions
                        .refused(each.assumption())
                        .map(other -> Reply.refused(new Refusal(other.status(), other.code(), refusal.reason())))
                        .orElseGet(() -> each.assumption() == Assumption.CURSOR_TIME_BEYOND
                                ? Reply.json(Map.of("cursor_time", nowMillis / 1000))
                                : Reply.refused(refusal));
            }
        }
        return Reply.refused(refusal);
    }

    /** The last answer, with its headers. */
    Reply sent(Call call, Reply reply) {
        if (assumptions.allHold()) {
            return reply;
        }
        HEADERS_OF_PULLS.forEach((assumption, operation) -> {
            if (assumptions.differs(assumption) && call.operation() == operation) {
                reply.overridden("x-log-" + assumption.id().substring("header-".length()), null);
            }
        });
        if (assumptions.differs(Assumption.HEADER_TIME)) {
            reply.overridden("x-log-time", null);
        }
        if (assumptions.differs(Assumption.HEADER_REQUEST_ID)
                && call.operation() == Operation.PUT_LOGS
                && reply.status() == 200) {
            reply.overridden("x-log-requestid", null);
        }
        return reply;
    }

    private static String name(Call call) {
        return call.project() + "/" + call.logstore();
    }
}
