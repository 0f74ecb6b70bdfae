package io.slsdispatch.connector.wire;

import org.apache.flink.annotation.Internal;

/**
 * Finds the topic of serialized log groups. The whole group is walked, since the topic may stand anywhere and the last
 * one counts; so a group that is cut short or is no protobuf at all is found here, before it is routed anywhere.
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
     * @throws MalformedLogGroupException when the slice is not a whole protobuf message
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
