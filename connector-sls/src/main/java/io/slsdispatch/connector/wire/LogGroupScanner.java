package io.slsdispatch.connector.wire;

import org.apache.flink.annotation.Internal;

/**
 * Finds the topic of serialized log groups. It scans the whole group, since the topic may be anywhere and the last one
 * counts. So a group that is truncated or is not protobuf is detected here, before it is routed.
 *
 * <p>One thread at a time.
 */
@Internal
public final class LogGroupScanner {

    private final FieldCursor fields = new FieldCursor();
    private final Topics topics = new Topics();

    /**
     * The topic of the group in a slice of an array; empty when it has none.
     *
     * @throws MalformedLogGroupException when the slice is not a complete protobuf message
     */
    public String topic(byte[] array, int offset, int length) throws MalformedLogGroupException {
        int topicOffset = 0;
        int topicLength = 0;
        fields.reset(array, offset, length);
        while (fields.next()) {
            if (fields.isBytes(LogGroupFields.TOPIC)) {
                topicOffset = fields.valueOffset();
                topicLength = fields.valueLength();
            }
        }
        return topics.decode(array, topicOffset, topicLength);
    }
}
