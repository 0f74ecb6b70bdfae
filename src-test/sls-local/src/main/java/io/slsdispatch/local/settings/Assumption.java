package io.slsdispatch.local.settings;

import java.util.Arrays;
import java.util.Optional;

/**
 * Assumptions about the service that clients make, with the name of each, which is also that of its switch, and another
 * answer that the service may give. By default SLS Local answers as assumed. {@code docs/assumptions.md} describes them.
 */
public enum Assumption {
    CURSOR_FORM("cursor-form", "without padding"),
    CURSOR_CONTIGUITY("cursor-contiguity", "gaps"),
    HEADER_CURSOR_TIME("header-cursor-time", "missing"),
    HEADER_READ_LAST_CURSOR("header-read-last-cursor", "missing"),
    HEADER_END_OF_CURSOR("header-end-of-cursor", "missing"),
    HEADER_TIME("header-time", "missing"),
    CLOCK("clock", "the service is 20 min ahead"),
    CODE_MISSING_LOGSTORE("code-missing-logstore", "LogStoreNotFound 404"),
    CODE_MISSING_SHARD("code-missing-shard", "ShardNotFound 404"),
    CODE_MISSING_GROUP("code-missing-group", "ConsumerGroupNotFound 404"),
    CODE_MALFORMED_CURSOR("code-malformed-cursor", "MalformedCursor 400"),
    CODE_CURSOR_BEYOND_END("code-cursor-beyond-end", "CursorOutOfRange 400"),
    CODE_WRONG_SECRET("code-wrong-secret", "InvalidSignature 403"),
    CODE_WRONG_TIME("code-wrong-time", "RequestTimeTooSkewed 400"),
    CURSOR_TIME_BEGIN("cursor-time-begin", "InvalidCursor 400"),
    CURSOR_TIME_END("cursor-time-end", "InvalidCursor 400"),
    CURSOR_TIME_BEYOND("cursor-time-beyond", "a time"),
    UNSIGNED_DATE("unsigned-date", "SignatureNotMatch 401"),
    SIGNATURE_V4("signature-v4", "InvalidSignatureMethod 400"),
    PULL_ZSTD("pull-zstd", "lz4"),
    HEADER_REQUEST_ID("header-request-id", "missing"),
    BATCH_GROUP_LB("batch-group-lb", "NotSupported 400"),
    BATCH_GROUP_ROUTE("batch-group-route", "NotSupported 400"),
    BATCH_GROUP_ORDER("batch-group-order", "changed"),
    BATCH_GROUP_SIZE("batch-group-size", "raw, each"),
    PUT_SIZE("put-size", "at least 5242880 bytes, less than 10485760"),
    CODE_TOO_LARGE("code-too-large", "InvalidLogSize 400"),
    CUT_BLOCKS("cut-blocks", "PostBodyUncompressError 400"),
    PUT_ZSTD("put-zstd", "InvalidCompressType 400"),
    EMPTY_GROUP("empty-group", "dropped"),
    CATEGORY("category", "dropped"),
    UNKNOWN_FIELDS("unknown-fields", "dropped"),
    OLD_LOG_TIMES("old-log-times", "InvalidTimestamp 400"),
    FUTURE_LOG_TIMES("future-log-times", "InvalidTimestamp 400"),
    INVALID_TEXT("invalid-text", "InvalidEncoding 400"),
    CODE_REFUSED_PUT("code-refused-put", "InternalServerError 500"),
    SPLIT_LISTED("split-listed", "after 80 s"),
    SPLIT_WRITES("split-writes", "after 80 s"),
    SPLIT_PARENT("split-parent", "writes after the split"),
    MERGE_LISTED("merge-listed", "after 80 s"),
    COMMIT_WITHOUT_CONSUMER("commit-without-consumer", "ConsumerNotExist 404"),
    FORCE_SUCCESS("force-success", "not needed"),
    CODE_GROUP_QUOTA("code-group-quota", "QuotaExceed 403"),
    EXPIRED_CURSORS("expired-cursors", "a skip"),
    RETENTION_GRAIN("retention-grain", "an hour"),
    QUOTAS("quotas", "the documented ones"),
    LATE_WRITES("late-writes", "by 60 s");

    private final String id;
    private final String otherAnswer;

    Assumption(String id, String otherAnswer) {
        this.id = id;
        this.otherAnswer = otherAnswer;
    }

    /** The name, as in {@code --unlike NAME}. */
    public String id() {
        return id;
    }

    /** The answer when it is switched and no answer is given. */
    public String otherAnswer() {
        return otherAnswer;
    }

    /** The assumption of this name. */
    public static Optional<Assumption> named(String id) {
        return Arrays.stream(values()).filter(each -> each.id.equals(id)).findFirst();
    }
}
