package io.slsdispatch.connector.deadletter;

/** The keys of the logs that contain dead letters, version 1. They are a contract: tools and users search for them. */
final class DeadLetterFields {

    /** Version of the format. A log without it is not a dead letter. */
    static final String VERSION = "dead_letter";

    static final String VERSION_1 = "1";

    /** See {@link DeadLetter#id()}. */
    static final String ID = "letter_id";

    /** How the id is computed, see {@link DeadLetter#idVersion()}; not written before version 2. */
    static final String ID_VERSION = "letter_id_version";

    /** Identifies one attempt to store the dead letter: chunks of different attempts must not be mixed. */
    static final String COPY = "letter_copy";

    /** Number of this chunk, from 0. */
    static final String CHUNK = "chunk";

    static final String CHUNKS = "chunks";

    /** {@code rejected} or {@code outage}. */
    static final String REASON = "reason";

    static final String ERROR_CODE = "error_code";
    static final String HTTP_STATUS = "http_status";
    static final String REQUEST_ID = "request_id";
    static final String MESSAGE = "message";
    static final String TARGET = "target";

    /** {@code project/logstore}. */
    static final String TARGET_LOGSTORE = "target_logstore";

    /** Distinguishes the logstore from those of equal project and name; only if that is needed. */
    static final String TARGET_SCOPE = "target_scope";

    /** For users; the exact topic is in the bytes. */
    static final String TOPIC = "topic";

    static final String SOURCE_SHARD = "source_shard";
    static final String SOURCE_CURSOR = "source_cursor";
    static final String SOURCE_INDEX = "source_index";

    /** The group's own number in its shard; only when it is known, and not written before ids of version 2. */
    static final String SOURCE_NUMBER = "source_number";

    /** Only in the parts of a split group; not written by builds before this field. */
    static final String SOURCE_PART = "source_part";

    /** ISO-8601. */
    static final String TIME = "time";

    /** Size of the group in bytes. */
    static final String BYTES = "bytes";

    /** SHA-256 of the group, 64 hexadecimal digits. */
    static final String SHA_256 = "sha256";

    /** The encoding of the group in all chunks together: {@code lz4} (one block) or {@code plain}. */
    static final String ENCODING = "encoding";

    static final String LZ4 = "lz4";
    static final String PLAIN = "plain";

    /** This chunk in Base64. */
    static final String BODY = "body";

    private DeadLetterFields() {}
}
