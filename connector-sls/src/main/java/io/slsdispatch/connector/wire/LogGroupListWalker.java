package io.slsdispatch.connector.wire;

import org.apache.flink.annotation.Internal;

/**
 * Iterates over the groups of a serialized {@code LogGroupList}. Unknown fields of the list are skipped.
 *
 * <p>One thread at a time.
 */
@Internal
public final class LogGroupListWalker {

    private final FieldCursor fields = new FieldCursor();

    /** Starts at a list that fills {@code array} from 0 for {@code length} bytes. */
    public void reset(byte[] array, int length) {
        fields.reset(array, 0, length);
    }

    /**
     * Moves to the next group.
     *
     * @return false when there are no more groups
     * @throws MalformedLogGroupException when the list is truncated or is not a protobuf message
     */
    public boolean next() throws MalformedLogGroupException {
        while (fields.next()) {
            if (fields.isBytes(LogGroupFields.GROUP)) {
                return true;
            }
        }
        return false;
    }

    /** Where the group begins in the array. */
    public int offset() {
        return fields.valueOffset();
    }

    /** Size of the group in bytes. */
    public int length() {
        return fields.valueLength();
    }
}
