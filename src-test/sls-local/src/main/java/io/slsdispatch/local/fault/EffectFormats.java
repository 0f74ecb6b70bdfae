package io.slsdispatch.local.fault;

import io.slsdispatch.local.fault.Effect.Moment;
import io.slsdispatch.local.wire.ErrorCode;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The JSON formats of all effects. */
final class EffectFormats {

    private static final int BAD_GATEWAY = 502;
    private static final long SECOND_MILLIS = 1000;
    private static final long MINUTE_MILLIS = 60_000;

    static final List<EffectFormat<?>> ALL = List.of(
            new EffectFormat<>(
                    "delay",
                    Effect.Delay.class,
                    "millis [jitterMillis] [when]: the response is delayed; with when=before, the call takes effect later, too",
                    fields -> new Effect.Delay(
                            Duration.ofMillis(fields.requiredNumber("millis", 0)),
                            fields.millis("jitterMillis").orElse(Duration.ZERO),
                            moment(fields, Moment.AFTER)),
                    (delay, json) -> {
                        json.put("millis", delay.time().toMillis());
                        json.put("jitterMillis", delay.jitter().toMillis());
                    }),
            new EffectFormat<>(
                    "late-write",
                    Effect.LateWrite.class,
                    "millis [jitterMillis]: puts are acknowledged immediately but written later, even if the shard is "
                            + "read-only by then; GET stats counts pending ones as lateWrites",
                    fields -> new Effect.LateWrite(
                            Duration.ofMillis(fields.requiredNumber("millis", 0)),
                            fields.millis("jitterMillis").orElse(Duration.ZERO)),
                    (late, json) -> {
                        json.put("millis", late.time().toMillis());
                        json.put("jitterMillis", late.jitter().toMillis());
                    }),
            new EffectFormat<>(
                    "bandwidth",
                    Effect.Bandwidth.class,
                    "bytesPerSecond: the bandwidth of request and response is limited",
                    fields -> new Effect.Bandwidth(fields.requiredNumber("bytesPerSecond", 1)),
                    (bandwidth, json) -> json.put("bytesPerSecond", bandwidth.bytesPerSecond())),
            new EffectFormat<>(
                    "slow-head",
                    Effect.SlowHead.class,
                    "bytesPerSecond: the head of the response is sent slowly; then the body is sent and the connection closed",
                    fields -> new Effect.SlowHead(fields.requiredNumber("bytesPerSecond", 1)),
                    (slow, json) -> json.put("bytesPerSecond", slow.bytesPerSecond())),
            new EffectFormat<>(
                    "endless",
                    Effect.Endless.class,
                    "part [bytesPerSecond] [when]: one part of the response never ends: interim (responses 1xx), line (a "
                            + "header line), head, extension (of a chunk), body or trailers",
                    fields -> {
                        if (!fields.has("part")) {
                            fields.problem(
                                    "field 'part' is missing, expected interim, line, head, extension, body or trailers");
                        }
                        return new Effect.Endless(
                                fields.choice("part", Effect.Part.class, Effect.Part.HEAD),
                                fields.number("bytesPerSecond", 1).orElse(Long.MAX_VALUE),
                                moment(fields, Moment.BEFORE));
                    },
                    (endless, json) -> {
                        json.put("part", FaultFields.text(endless.part()));
                        if (endless.bytesPerSecond() < Long.MAX_VALUE) {
                            json.put("bytesPerSecond", endless.bytesPerSecond());
                        }
                    }),
            new EffectFormat<>(
                    "hang",
                    Effect.Hang.class,
                    "[when]: no response is sent; before or after the call takes effect",
                    fields -> new Effect.Hang(moment(fields, Moment.BEFORE)),
                    (hang, json) -> {}),
            new EffectFormat<>(
                    "error",
                    Effect.Refuse.class,
                    "code [status] [message] [when]: the response is this error; before or after the call takes effect",
                    EffectFormats::refuse,
                    (refuse, json) -> {
                        json.put("status", refuse.status());
                        json.put("code", refuse.code());
                        json.put("message", refuse.message());
                    }),
            new EffectFormat<>(
                    "answer",
                    Effect.Answer.class,
                    "[status] [body] [contentType] [requestId] [when]: the response is not the service's, such as one of a "
                            + "gateway: by default 502 with an HTML page; without x-log-requestid unless requestId=true",
                    EffectFormats::answer,
                    (answer, json) -> {
                        json.put("status", answer.status());
                        json.put("contentType", answer.contentType());
                        json.put("body", answer.body());
                        json.put("requestId", answer.requestId());
                    }),
            new EffectFormat<>(
                    "reset",
                    Effect.Reset.class,
                    "[when]: the connection is reset; before or after the call takes effect",
                    fields -> new Effect.Reset(moment(fields, Moment.BEFORE)),
                    (reset, json) -> {}),
            new EffectFormat<>(
                    "truncate",
                    Effect.Truncate.class,
                    "[keep] [lengthMatches]: only the first keep bytes of the body are sent (default: half), then the "
                            + "connection is closed; with lengthMatches=true, Content-Length is the shorter length",
                    fields -> new Effect.Truncate(fields.smallNumber("keep", 0), fields.flag("lengthMatches")),
                    (truncate, json) -> {
                        truncate.keep().ifPresent(keep -> json.put("keep", keep));
                        json.put("lengthMatches", truncate.lengthMatches());
                    }),
            new EffectFormat<>(
                    "corrupt",
                    Effect.Corrupt.class,
                    "every bit of the body is inverted",
                    fields -> new Effect.Corrupt(),
                    (corrupt, json) -> {}),
            new EffectFormat<>(
                    "header",
                    Effect.Header.class,
                    "name [value]: the value of a response header is replaced (it may be empty); without value, the header is "
                            + "removed",
                    fields -> new Effect.Header(
                            fields.requiredText("name").toLowerCase(Locale.ROOT),
                            fields.anyText("value").orElse(null)),
                    (header, json) -> {
                        json.put("name", header.name());
                        Optional.ofNullable(header.value()).ifPresent(value -> json.put("value", value));
                    }),
            new EffectFormat<>(
                    "header-plus",
                    Effect.HeaderPlus.class,
                    "name plus: plus is added to the number in a response header, such as x-log-count or x-log-bodyrawsize",
                    fields -> new Effect.HeaderPlus(
                            fields.requiredText("name").toLowerCase(Locale.ROOT),
                            fields.requiredNumber("plus", Long.MIN_VALUE)),
                    (header, json) -> {
                        json.put("name", header.name());
                        json.put("plus", header.plus());
                    }),
            new EffectFormat<>(
                    "quota",
                    Effect.Quota.class,
                    "[per] [bytes] [calls] [windowMillis]: puts and pulls above this many raw bytes or calls in a window are "
                            + "rejected with the service's quota errors; per shard (default; windowMillis 1000) or project "
                            + "(windowMillis 60000)",
                    EffectFormats::quota,
                    (quota, json) -> {
                        json.put("per", FaultFields.text(quota.per()));
                        quota.bytes().ifPresent(bytes -> json.put("bytes", bytes));
                        quota.calls().ifPresent(calls -> json.put("calls", calls));
                        json.put("windowMillis", quota.window().toMillis());
                    }),
            new EffectFormat<>(
                    "expired-cursor",
                    Effect.ExpiredCursor.class,
                    "[answer]: the response to pulls at an expired cursor: error (default: InvalidCursor, even if the cursor "
                            + "is not expired), moved (an empty page and the cursor of the oldest data) or skip (the "
                            + "oldest data); see trim",
                    fields -> new Effect.ExpiredCursor(
                            fields.choice("answer", Effect.ExpiredAnswer.class, Effect.ExpiredAnswer.ERROR)),
                    (expired, json) -> json.put("answer", FaultFields.text(expired.answer()))),
            new EffectFormat<>(
                    "clock-skew",
                    Effect.ClockSkew.class,
                    "millis: the service's clock is ahead (or behind, if negative); beyond 15 min, signed requests are "
                            + "rejected with RequestTimeExpired",
                    fields -> new Effect.ClockSkew(Duration.ofMillis(fields.requiredNumber("millis", Long.MIN_VALUE))),
                    (skew, json) -> json.put("millis", skew.ahead().toMillis())),
            new EffectFormat<>(
                    "revoke",
                    Effect.Revoke.class,
                    "[accessKeyId]: this access key, or every one, is rejected (Unauthorized)",
                    fields -> new Effect.Revoke(fields.text("accessKeyId")),
                    (revoke, json) -> revoke.accessKeyId().ifPresent(id -> json.put("accessKeyId", id))),
            new EffectFormat<>(
                    "shard-list",
                    Effect.ShardList.class,
                    "answer [omit] [agoMillis]: ListShards returns a wrong listing: stale (all shards of the time when the "
                            + "fault was switched on, or of agoMillis ago), shuffled, or partial (without the shard ids in "
                            + "omit; by default without the second half)",
                    EffectFormats::shardList,
                    (list, json) -> {
                        json.put("answer", FaultFields.text(list.answer()));
                        if (!list.omit().isEmpty()) {
                            json.put("omit", list.omit());
                        }
                        list.ago().ifPresent(ago -> json.put("agoMillis", ago.toMillis()));
                    }),
            new EffectFormat<>(
                    "cursor",
                    Effect.Cursor.class,
                    "[of] [behind] [spelling]: changes the cursors that GetCursor returns for end (default), begin or time, or "
                            + "that a pull returns: behind is subtracted from their number, spelling is usual (default), "
                            + "unpadded or newline (at the end)",
                    EffectFormats::cursor,
                    (cursor, json) -> {
                        json.put("of", FaultFields.text(cursor.of()));
                        json.put("behind", cursor.behind());
                        json.put("spelling", FaultFields.text(cursor.spelling()));
                    }),
            new EffectFormat<>(
                    "split",
                    Effect.Split.class,
                    "[children] [when]: event: the shard is split",
                    fields -> new Effect.Split(
                            fields.smallNumber("children", 2).orElse(2), moment(fields, Moment.BEFORE)),
                    (split, json) -> json.put("children", split.children())),
            new EffectFormat<>(
                    "merge",
                    Effect.Merge.class,
                    "[when]: event: the shard is merged with its right neighbour",
                    fields -> new Effect.Merge(moment(fields, Moment.BEFORE)),
                    (merge, json) -> {}),
            new EffectFormat<>(
                    "trim",
                    Effect.Trim.class,
                    "[groups] [when]: event: this many of the oldest groups of the shard, or all, expire as by retention",
                    fields -> new Effect.Trim(fields.number("groups", 1), moment(fields, Moment.BEFORE)),
                    (trim, json) -> trim.groups().ifPresent(groups -> json.put("groups", groups))),
            new EffectFormat<>(
                    "append",
                    Effect.Append.class,
                    "group [when]: event: a serialized LogGroup (base64) is written to the shard, even if it is read-only",
                    fields -> new Effect.Append(fields.base64("group"), moment(fields, Moment.BEFORE)),
                    (append, json) -> json.put("group", Base64.getEncoder().encodeToString(append.group()))),
            new EffectFormat<>(
                    "hole",
                    Effect.Hole.class,
                    "size [maxSize] [when]: event: the cursor numbers of the shard jump by size (at most 10^15) before the "
                            + "next group; by a random number from size to maxSize if maxSize is set",
                    EffectFormats::hole,
                    (hole, json) -> {
                        json.put("size", hole.size());
                        json.put("maxSize", hole.maxSize());
                    }),
            new EffectFormat<>(
                    "delete-logstore",
                    Effect.DeleteLogstore.class,
                    "[when]: event: the logstore is deleted",
                    fields -> new Effect.DeleteLogstore(moment(fields, Moment.BEFORE)),
                    (delete, json) -> {}),
            new EffectFormat<>(
                    "recreate-logstore",
                    Effect.RecreateLogstore.class,
                    "[shards] [when]: event: the logstore is deleted and recreated, empty",
                    fields ->
                            new Effect.RecreateLogstore(fields.smallNumber("shards", 1), moment(fields, Moment.BEFORE)),
                    (recreate, json) -> recreate.shards().ifPresent(shards -> json.put("shards", shards))));

    private EffectFormats() {}

    static EffectFormat<?> of(Effect effect) {
        return ALL.stream()
                .filter(form -> form.type().isInstance(effect))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No format for " + effect.getClass()));
    }

    static Optional<EffectFormat<?>> named(String name) {
        return ALL.stream().filter(form -> form.name().equals(name)).findFirst();
    }

    /** Help: one line about the common fields and one for each effect. */
    static List<String> help() {
        return ALL.stream().map(form -> form.name() + ": " + form.help()).toList();
    }

    static void write(Effect effect, Map<String, Object> json) {
        of(effect).write(effect, json);
    }

    private static Moment moment(FaultFields fields, Moment otherwise) {
        return fields.choice("when", Moment.class, otherwise);
    }

    private static Effect.Refuse refuse(FaultFields fields) {
        String code = fields.requiredText("code");
        int usual = Arrays.stream(ErrorCode.values())
                .filter(known -> known.text().equals(code))
                .mapToInt(ErrorCode::status)
                .findFirst()
                .orElse(500);
        return new Effect.Refuse(
                status(fields, 100, usual),
                code,
                fields.text("message").orElse("injected fault"),
                moment(fields, Moment.BEFORE));
    }

    private static Effect.Answer answer(FaultFields fields) {
        int status = status(fields, 200, BAD_GATEWAY);
        return new Effect.Answer(
                status,
                fields.text("contentType").orElse("text/html"),
                fields.anyText("body").orElse("<html><body><h1>" + status + "</h1></body></html>\n"),
                fields.flag("requestId"),
                moment(fields, Moment.BEFORE));
    }

    private static int status(FaultFields fields, int least, int otherwise) {
        int status = fields.smallNumber("status", least).orElse(otherwise);
        if (status > 599) {
            fields.problem("field 'status' is " + status + ", expected an HTTP status from " + least + " to 599");
            return otherwise;
        }
        return status;
    }

    private static Effect.Hole hole(FaultFields fields) {
        long size = fields.requiredNumber("size", 1);
        long maxSize = fields.number("maxSize", 1).orElse(size);
        if (size > maxSize || maxSize > Effect.Hole.LARGEST) {
            fields.problem("hole of size " + size + " and maxSize " + maxSize + ", expected 1 <= size <= maxSize <= "
                    + Effect.Hole.LARGEST);
            return new Effect.Hole(1);
        }
        return new Effect.Hole(size, maxSize, moment(fields, Moment.BEFORE));
    }

    private static Effect.Quota quota(FaultFields fields) {
        Effect.Limited per = fields.choice("per", Effect.Limited.class, Effect.Limited.SHARD);
        OptionalLong bytes = fields.number("bytes", 0);
        OptionalLong calls = fields.number("calls", 0);
        if (bytes.isEmpty() && calls.isEmpty()) {
            fields.problem("fields 'bytes' and 'calls' are missing, expected at least one");
            calls = OptionalLong.of(1);
        }
        long window =
                fields.number("windowMillis", 1).orElse(per == Effect.Limited.SHARD ? SECOND_MILLIS : MINUTE_MILLIS);
        return new Effect.Quota(per, bytes, calls, Duration.ofMillis(window));
    }

    private static Effect.ShardList shardList(FaultFields fields) {
        if (!fields.has("answer")) {
            fields.problem("field 'answer' is missing, expected stale, shuffled or partial");
        }
        Effect.Listing answer = fields.choice("answer", Effect.Listing.class, Effect.Listing.STALE);
        List<Integer> omit = fields.numbers("omit");
        Optional<Duration> ago = fields.millis("agoMillis");
        if (ago.isPresent() && answer != Effect.Listing.STALE) {
            fields.problem("field 'agoMillis' is allowed only with answer 'stale'");
            ago = Optional.empty();
        }
        return new Effect.ShardList(answer, omit, ago);
    }

    private static Effect.Cursor cursor(FaultFields fields) {
        Effect.CursorOf of = fields.choice("of", Effect.CursorOf.class, Effect.CursorOf.END);
        long behind = fields.number("behind", 0).orElse(0);
        Effect.Spelling spelling = fields.choice("spelling", Effect.Spelling.class, Effect.Spelling.USUAL);
        if (of == Effect.CursorOf.PULL && spelling == Effect.Spelling.NEWLINE) {
            fields.problem(
                    "field 'spelling' is \"newline\", which is not allowed with of=pull: the cursor of a pull is in a header");
            spelling = Effect.Spelling.USUAL;
        }
        return new Effect.Cursor(of, behind, spelling);
    }
}
