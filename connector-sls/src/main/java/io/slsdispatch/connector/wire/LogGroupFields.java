package io.slsdispatch.connector.wire;

import org.apache.flink.annotation.Internal;

/**
 * Field numbers of the protobuf messages {@code LogGroupList}, {@code LogGroup}, {@code LogTag}, {@code Log} and {@code
 * Content}.
 */
@Internal
public final class LogGroupFields {

    /** {@code LogGroupList.logGroupList}: one log group. */
    public static final int GROUP = 1;

    /** {@code LogGroup.Logs}: one log. */
    public static final int LOGS = 1;

    /** {@code LogGroup.Category}: internal to the service. */
    public static final int CATEGORY = 2;

    /** {@code LogGroup.Topic}; when it occurs more than once, the last one counts. */
    public static final int TOPIC = 3;

    /** {@code LogGroup.Source}; when it occurs more than once, the last one counts. */
    public static final int SOURCE = 4;

    /** {@code LogGroup.LogTags}: one tag. */
    public static final int TAGS = 6;

    /** {@code LogTag.Key}. */
    public static final int TAG_KEY = 1;

    /** {@code LogTag.Value}. */
    public static final int TAG_VALUE = 2;

    /** {@code Log.Time}: unix seconds. */
    public static final int LOG_TIME = 1;

    /** {@code Log.Contents}: one key with its value. */
    public static final int LOG_CONTENTS = 2;

    /** {@code Content.Key}. */
    public static final int CONTENT_KEY = 1;

    /** {@code Content.Value}. */
    public static final int CONTENT_VALUE = 2;

    private LogGroupFields() {}
}
