package io.slsdispatch.job.probe;

/**
 * An assumption of this product about the service. {@code docs/assumptions.md} has the source of each, what happens when
 * it does not hold, and the tests; SLS Local has a switch of the same name for the other answer.
 */
public enum Assumption {
    CURSOR_FORM(
            "cursor-form",
            "base64 of a number",
            "compares cursors in any spelling; without numbers, only errors reveal lost data"),
    CURSOR_CONTIGUITY(
            "cursor-contiguity",
            "no gaps",
            "reads the range again, counts cursorJumps; in doubt, on-expired-cursor decides"),
    HEADER_CURSOR_TIME("header-cursor-time", "present", "the lag is shown only at the end of a shard"),
    HEADER_READ_LAST_CURSOR("header-read-last-cursor", "present", "nothing: the job does not use it"),
    HEADER_END_OF_CURSOR("header-end-of-cursor", "present", "finds the end of a shard by an empty response"),
    HEADER_TIME("header-time", "present", "uses the header Date"),
    CLOCK("clock", "less than 15 min apart", "signs with the service's time, and warns"),
    CODE_MISSING_LOGSTORE(
            "code-missing-logstore",
            "LogStoreNotExist 404",
            "status 404 means missing; other unknown codes are retried, then fail the job"),
    CODE_MISSING_SHARD("code-missing-shard", "ShardNotExist 400", "fails instead of ending the shard"),
    CODE_MISSING_GROUP(
            "code-missing-group",
            "ConsumerGroupNotExist 404",
            "status 404 means missing; otherwise commits fail, with a metric"),
    CODE_MALFORMED_CURSOR("code-malformed-cursor", "ParameterInvalid 400", "fails the job"),
    CODE_CURSOR_BEYOND_END(
            "code-cursor-beyond-end", "InvalidCursor 400", "fails the job instead of applying on-expired-cursor"),
    CODE_WRONG_SECRET(
            "code-wrong-secret",
            "SignatureNotMatch 401",
            "status 401 or 403 means credentials; check gives no hint about the secret"),
    CODE_WRONG_TIME(
            "code-wrong-time", "RequestTimeExpired 400", "does not sign with the service's time: correct the clock"),
    CURSOR_TIME_BEGIN("cursor-time-begin", "a time", "the size of a gap and the lag of the group are unknown"),
    CURSOR_TIME_END("cursor-time-end", "a time", "lag of an idle shard is shown as unknown"),
    CURSOR_TIME_BEYOND(
            "cursor-time-beyond",
            "InvalidCursor 400",
            "inspect-savepoint and lag show a time for a cursor without data"),
    UNSIGNED_DATE("unsigned-date", "accepted", "no request is accepted: set signature: v4"),
    SIGNATURE_V4("signature-v4", "accepted", "leave signature: v1"),
    PULL_ZSTD("pull-zstd", "zstd", "with compression: zstd, reads lz4 and then asks for it, with a warning"),

    HEADER_REQUEST_ID(
            Scope.SCRATCH,
            "header-request-id",
            "present",
            "such a response acknowledges nothing; three in a row fail the job"),
    BATCH_GROUP_LB(Scope.SCRATCH, "batch-group-lb", "stored", "sends one group in each request, with a warning"),
    BATCH_GROUP_ROUTE(Scope.SCRATCH, "batch-group-route", "stored", "sends one group in each request, with a warning"),
    BATCH_GROUP_ORDER(
            Scope.READ_BACK, "batch-group-order", "kept", "order at ordered targets is lost: set batching: false"),
    BATCH_GROUP_SIZE(Scope.SCRATCH, "batch-group-size", "raw, in sum", "a list that is refused as too large is halved"),
    PUT_SIZE(Scope.SCRATCH, "put-size", "10485760 bytes", "a group that is refused as too large is split by its logs"),
    CODE_TOO_LARGE(
            Scope.SCRATCH,
            "code-too-large",
            "PostBodyTooLarge 400",
            "status 413 means the same; otherwise on-reject decides"),
    CUT_BLOCKS(
            Scope.READ_BACK,
            "cut-blocks",
            "stored as sent",
            "a refused block is compressed again; one that is stored wrongly is lost"),
    PUT_ZSTD(
            Scope.SCRATCH,
            "put-zstd",
            "stored as sent",
            "with compression: zstd, sends lz4 after three refusals, with a warning"),
    EMPTY_GROUP(
            Scope.READ_BACK,
            "empty-group",
            "stored",
            "a group without logs is rejected (on-reject) or missing; it has no logs to lose"),
    CATEGORY(
            Scope.READ_BACK,
            "category",
            "stored",
            "rejected: set cut-category: true; dropped: only this internal field is lost"),
    UNKNOWN_FIELDS(Scope.READ_BACK, "unknown-fields", "stored", "fields that no client knows are lost at the target"),
    OLD_LOG_TIMES(Scope.SCRATCH, "old-log-times", "stored", "on-reject decides: set dead-letter before a backfill"),
    FUTURE_LOG_TIMES(Scope.SCRATCH, "future-log-times", "stored", "on-reject decides"),
    INVALID_TEXT(Scope.SCRATCH, "invalid-text", "stored", "on-reject decides"),
    CODE_REFUSED_PUT(Scope.SCRATCH, "code-refused-put", "refused as invalid", "check cannot confirm write access"),
    SPLIT_LISTED(Scope.SCRATCH, "split-listed", "within 30 s", "reads children later; nothing is lost"),
    SPLIT_WRITES(Scope.SCRATCH, "split-writes", "within 30 s", "retries puts until retry.give-up-after"),
    SPLIT_PARENT(
            Scope.SCRATCH, "split-parent", "no write after the split", "waits discovery.settle-time: set a longer one"),
    MERGE_LISTED(Scope.SCRATCH, "merge-listed", "within 30 s", "reads the merged shard later; nothing is lost"),
    COMMIT_WITHOUT_CONSUMER(
            Scope.SCRATCH,
            "commit-without-consumer",
            "accepted",
            "progress is not shown in the consumer group, with a metric"),
    FORCE_SUCCESS(Scope.SCRATCH, "force-success", "needed", "nothing: the job always sends it"),
    CODE_GROUP_QUOTA(
            Scope.SCRATCH,
            "code-group-quota",
            "ConsumerGroupQuotaExceed 403",
            "any code with 'quota' or 'exceed' means the same; else the job fails to start"),

    EXPIRED_CURSORS(
            Scope.UNKNOWN, "expired-cursors", "InvalidCursor or a skip", "both are noticed: on-expired-cursor decides"),
    RETENTION_GRAIN(Scope.UNKNOWN, "retention-grain", "any", "nothing: warnings of retention assume the exact time"),
    QUOTAS(Scope.UNKNOWN, "quotas", "any", "slows down when throttled"),
    LATE_WRITES(
            Scope.UNKNOWN,
            "late-writes",
            "within discovery.settle-time",
            "a later write to a shard that is read to its end is lost");

    /** How the answer can be found out. */
    public enum Scope {
        /** By reading only. The job sees it, too. */
        READ,
        /** By writing to logstores of the probe. The job sees it, too. */
        SCRATCH,
        /** By writing to logstores of the probe and reading back. The job does not see it. */
        READ_BACK,
        /** Not at all within minutes. */
        UNKNOWN
    }

    private final Scope scope;
    private final String id;
    private final String assumed;
    private final String then;

    Assumption(String id, String assumed, String then) {
        this(Scope.READ, id, assumed, then);
    }

    Assumption(Scope scope, String id, String assumed, String then) {
        this.scope = scope;
        this.id = id;
        this.assumed = assumed;
        this.then = then;
    }

    public Scope scope() {
        return scope;
    }

    /** The name in documents, in the output of {@code probe} and of the switch of SLS Local. */
    public String id() {
        return id;
    }

    /** The expected answer. */
    public String assumed() {
        return assumed;
    }

    /** What the job does, or its user must do, after another answer. */
    public String then() {
        return then;
    }
}
