package io.slsdispatch.local.wire;

/**
 * The service's error codes with the HTTP status that each comes with, from its page "Error codes" and the pages of the
 * individual operations. A comment marks each code whose status is on no page.
 */
public enum ErrorCode {
    REQUEST_TIME_EXPIRED(400, "RequestTimeExpired"),
    INVALID_DATE_FORMAT(400, "InvalidDateFormat"),
    MISSING_DATE(400, "MissingDate"),
    MISSING_API_VERSION(400, "MissingAPIVersion"),
    INVALID_API_VERSION(400, "InvalidAPIVersion"),
    MISSING_SIGNATURE_METHOD(400, "MissingSignatureMethod"),
    INVALID_SIGNATURE_METHOD(400, "InvalidSignatureMethod"),
    MISSING_ACCESS_KEY_ID(400, "MissAccessKeyId"),
    INVALID_HOST(400, "InvalidHost"),
    MISSING_CONTENT_TYPE(400, "MissingContentType"),
    INVALID_CONTENT_TYPE(400, "InvalidContentType"),
    MISSING_CONTENT_LENGTH(411, "MissingContentLength"),
    MISSING_BODY_RAW_SIZE(400, "MissingBodyRawSize"),
    INVALID_BODY_RAW_SIZE(400, "InvalidBodyRawSize"),
    INVALID_COMPRESS_TYPE(400, "InvalidCompressType"),
    PARAMETER_INVALID(400, "ParameterInvalid"),
    POST_BODY_INVALID(400, "PostBodyInvalid"),
    POST_BODY_UNCOMPRESS_ERROR(400, "PostBodyUncompressError"),
    POST_BODY_TOO_LARGE(400, "PostBodyTooLarge"),
    INVALID_TIMESTAMP(400, "InvalidTimestamp"),
    INVALID_ENCODING(400, "InvalidEncoding"),
    INVALID_KEY(400, "InvalidKey"),
    LOGSTORE_WITHOUT_SHARD(400, "LogStoreWithoutShard"),
    SHARD_NOT_EXIST(400, "ShardNotExist"),
    /** The status is assumed: no client and no page specifies it. */
    INVALID_CURSOR(400, "InvalidCursor"),
    /** The status is assumed: no client and no page specifies it. */
    INVALID_SEQUENCE_ID(400, "InvalidSequenceId"),
    PROJECT_ALREADY_EXIST(400, "ProjectAlreadyExist"),
    LOGSTORE_ALREADY_EXIST(400, "LogStoreAlreadyExist"),
    LOGSTORE_INFO_INVALID(400, "LogStoreInfoInvalid"),
    CONSUMER_GROUP_ALREADY_EXIST(400, "ConsumerGroupAlreadyExist"),
    INVALID_SHARD_CHECK_POINT(400, "InvalidShardCheckPoint"),
    NOT_EXIST_CONSUMER_WITH_BODY(400, "NotExistConsumerWithBody"),
    /** From the tutorial of the Python SDK; the pages spell it QuotaExceed and ExceedQuota. The status is assumed. */
    CONSUMER_GROUP_QUOTA_EXCEED(403, "ConsumerGroupQuotaExceed"),
    SIGNATURE_NOT_MATCH(401, "SignatureNotMatch"),
    UNAUTHORIZED(401, "Unauthorized"),
    SECURITY_TOKEN_EXPIRED(401, "SecurityTokenExpired"),
    WRITE_QUOTA_EXCEED(403, "WriteQuotaExceed"),
    READ_QUOTA_EXCEED(403, "ReadQuotaExceed"),
    SHARD_WRITE_QUOTA_EXCEED(403, "ShardWriteQuotaExceed"),
    SHARD_READ_QUOTA_EXCEED(403, "ShardReadQuotaExceed"),
    PROJECT_NOT_EXIST(404, "ProjectNotExist"),
    LOGSTORE_NOT_EXIST(404, "LogStoreNotExist"),
    CONSUMER_GROUP_NOT_EXIST(404, "ConsumerGroupNotExist"),
    CONSUMER_NOT_EXIST(404, "ConsumerNotExist"),
    CONSUMER_NOT_MATCH(404, "ConsumerNotMatch"),
    INTERNAL_SERVER_ERROR(500, "InternalServerError"),
    SERVER_BUSY(503, "ServerBusy"),
    /**
     * The service's code for what a logstore cannot do, which SLS Local also uses for what it does not implement. The
     * status is that which {@code LogStoreFunctionTest} of the Java SDK expects.
     */
    NOT_SUPPORTED(400, "NotSupported");

    private final int status;
    private final String text;

    ErrorCode(int status, String text) {
        this.status = status;
        this.text = text;
    }

    /** HTTP status of an answer with this code. */
    public int status() {
        return status;
    }

    /** The code as the body spells it. */
    public String text() {
        return text;
    }
}
