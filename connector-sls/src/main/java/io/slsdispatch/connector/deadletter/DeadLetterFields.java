package io.slsdispatch.connector.deadletter;

/** Keys of the logs that hold dead letters, version 1. They are a contract: tools and people search for them. */
final class DeadLetterFields {

    /** Version of the form. A log without it is no dead letter. */
    static final String VERSION = "dead_letter";

    static final String VERSION_1 = "1";

    /** See {@link DeadLetter#id()}. */
    static final String ID = "letter_id";

    /** How the id is made, see {@link DeadLetter#idVersion()}; not written before version 2. */
    static final String ID_VERSION = "letter_id_version";

    /** Names one attempt to store the letter: chunks of different attempts must not be mixed. */
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

    /** What tells it from logstores of equal project and name; only when something does. */
    static final String TARGET_SCOPE = "target_scope";

    /** For people; the topic itself is in the bytes. */
    static final String TOPIC = "topic";

    static final String SOURCE_SHARD = "source_shard";
    static final String SOURCE_CURSOR = "source_cursor";
    static final String SOURCE_INDEX = "source_index";

    /** The group's own number in its shard; only when it is known, and not written before ids of version 2. */
    static final String SOURCE_NUMBER = "source_number";

    /** Only of the parts of a split group; not written before this field was. */
    static final String SOURCE_PART = "source_part";

    /** ISO-8601. */
    static final String TIME = "time";

    /** Size of the group. */
    static final String BYTES = "bytes";

    /** Of the group, 64 hexadecimal digits. */
    static final String SHA_256 = "sha256";

    /** How all chunks together hold the group: {@code lz4} (one block) or {@code plain}. */
    static final String ENCODING = "encoding";

    static final String LZ4 = "lz4";
    static final String PLAIN = "plain";

    /** This chunk, as base64. */
    static final String BODY = "body";

    private DeadLetterFields() {}
}
