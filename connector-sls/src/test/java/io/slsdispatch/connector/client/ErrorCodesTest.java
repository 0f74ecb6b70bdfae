package io.slsdispatch.connector.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Known from the service's pages on error codes and from what its official clients look for. */
class ErrorCodesTest {

    @ParameterizedTest
    @CsvSource({
        // code decides, whatever the status
        "PutLogs,  ShardWriteQuotaExceed,        403, THROTTLED",
        "PullLogs, ShardReadQuotaExceed,         403, THROTTLED",
        "PutLogs,  WriteQuotaExceed,             403, THROTTLED",
        "PullLogs, ReadQuotaExceed,              403, THROTTLED",
        "ListShards, MetaOperationQpsLimitExceeded, 403, THROTTLED",
        "PutLogs,  InternalServerError,          500, UNAVAILABLE",
        "PutLogs,  RequestTimeout,               500, UNAVAILABLE",
        "PutLogs,  ServerBusy,                   503, UNAVAILABLE",
        "PutLogs,  RequestError,                  -1, UNAVAILABLE",
        "PutLogs,  BadResponse,                   -1, UNAVAILABLE",
        "PutLogs,  BadResponse,                  404, UNAVAILABLE",
        "PullLogs, InvalidErrorResponse,         502, UNAVAILABLE",
        "PullLogs, ParseLogGroupListRawSizeError, -1, UNAVAILABLE",
        "PutLogs,  Unauthorized,                 401, UNAUTHORIZED",
        "PutLogs,  SignatureNotMatch,            401, UNAUTHORIZED",
        "PutLogs,  SignatureNotMatch,            403, UNAUTHORIZED",
        "PutLogs,  InvalidAccessKeyId,           401, UNAUTHORIZED",
        "PutLogs,  MissAccessKeyId,              400, UNAUTHORIZED",
        "PutLogs,  SecurityTokenExpired,         401, UNAUTHORIZED",
        "PutLogs,  SecurityToken.Expired,        401, UNAUTHORIZED",
        "PutLogs,  ProjectForbidden,             403, UNAUTHORIZED",
        "PutLogs,  ClientSignatureError,          -1, UNAUTHORIZED",
        "PutLogs,  RequestTimeExpired,           400, UNAUTHORIZED",
        "PutLogs,  RequestTimeTooSkewed,         400, UNAUTHORIZED",
        "PutLogs,  ProjectNotExist,              404, NOT_FOUND",
        "PutLogs,  LogStoreNotExist,             404, NOT_FOUND",
        "PutLogs,  logstorenotexist,             400, NOT_FOUND",
        "PutLogs,  ProjectNotExists,             400, NOT_FOUND",
        "PutLogs,  LogstoreNotExists,            400, NOT_FOUND",
        "PutLogs,  InvalidRequestTime,           400, UNAUTHORIZED",
        "PutLogs,  InvalidDateFormat,            400, UNAUTHORIZED",
        "PutLogs,  MissingDate,                  400, UNAUTHORIZED",
        "PutLogs,  MissingSignatureMethod,       400, UNAUTHORIZED",
        "PutLogs,  InvalidSignatureMethod,       400, UNAUTHORIZED",
        "PutLogs,  LogStoreWithoutShard,         400, NOT_FOUND",
        "UpdateCheckPoint, ConsumerGroupNotExist, 404, NOT_FOUND",
        "PullLogs, ShardNotExist,                400, SHARD_NOT_FOUND",
        "UpdateCheckPoint, ShardNotExist,        404, SHARD_NOT_FOUND",
        "PullLogs, InvalidCursor,                400, CURSOR_EXPIRED",
        "PullLogs, SLSInvalidCursor,             404, CURSOR_EXPIRED",
        "CreateConsumerGroup, ConsumerGroupAlreadyExist, 400, ALREADY_EXISTS",
        "CreateConsumerGroup, QuotaExceed,       400, QUOTA_EXCEEDED",
        "CreateConsumerGroup, ExceedQuota,       403, QUOTA_EXCEEDED",
        "CreateConsumerGroup, ConsumerGroupQuotaExceed, 403, QUOTA_EXCEEDED",
        "CreateConsumerGroup, ConsumerGroupQuotaExceed, 400, QUOTA_EXCEEDED",
        "CreateConsumerGroup, TooManyGroupsQuota,  403, QUOTA_EXCEEDED",
        "CreateConsumerGroup, GroupLimitExceeded,  400, QUOTA_EXCEEDED",
        "CreateConsumerGroup, MetaOperationQpsLimitExceeded, 403, THROTTLED",
        "CreateConsumerGroup, SomethingExceeded,   503, UNAVAILABLE",
        "ListConsumerGroup, consumergroupquotaexceed, -1, QUOTA_EXCEEDED",
        "PutLogs,  ExceedQuota,                  403, THROTTLED",
        "PutLogs,  InvalidSequenceId,            400, SEQUENCE_REPEATED",
        "PutLogs,  PostBodyTooLarge,             400, TOO_LARGE",
        "PutLogs,  PostBodyTooLarge,             413, TOO_LARGE",
        "PutLogs,  PostBodyTooLarge,              -1, TOO_LARGE",
        "PutLogs,  InvalidLogSize,                -1, TOO_LARGE",
        "PullLogs, ParameterInvalid,             400, INVALID_REQUEST",
        "PutLogs,  PostBodyInvalid,              400, INVALID_REQUEST",
        "PutLogs,  PostBodyUncompressError,      400, INVALID_REQUEST",
        "PutLogs,  InvalidTimestamp,             400, INVALID_REQUEST",
        "PutLogs,  InvalidEncoding,              400, INVALID_REQUEST",
        "PutLogs,  InvalidKey,                   400, INVALID_REQUEST",
        "UpdateCheckPoint, InvalidShardCheckPoint, 400, INVALID_REQUEST",
        // unknown codes: the status decides
        "PutLogs,  SomethingNew,                 500, UNAVAILABLE",
        "PutLogs,  SomethingNew,                 503, UNAVAILABLE",
        "PutLogs,  SomethingNew,                 408, UNAVAILABLE",
        "PutLogs,  SomethingNew,                  -1, UNAVAILABLE",
        "PutLogs,  SomethingNew,                 302, UNAVAILABLE",
        "PutLogs,  SomethingNew,                 429, THROTTLED",
        "PutLogs,  SomeNewQuotaReached,          403, THROTTLED",
        "PutLogs,  RateExceeded,                 403, THROTTLED",
        "PutLogs,  SomethingNew,                 403, UNAUTHORIZED",
        "PutLogs,  SomethingNew,                 401, UNAUTHORIZED",
        "PutLogs,  SomethingNew,                 404, NOT_FOUND",
        "PutLogs,  SomethingNew,                 413, TOO_LARGE",
        "PutLogs,  BadResponse,                  413, TOO_LARGE",
        "PutLogs,  SomethingNew,                 400, INVALID_REQUEST",
        "PutLogs,  SomethingNew,                 411, INVALID_REQUEST"
    })
    void meansForTheCaller(String operation, String code, int status, ErrorKind kind) {
        assertThat(ErrorCodes.kind(operation, code, status)).isEqualTo(kind);
    }
}
