package io.slsdispatch.connector.put;

import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.FieldCursor;
import io.slsdispatch.connector.wire.LogGroupFields;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import org.apache.flink.annotation.Internal;

/**
 * Removes the field Category from groups and leaves every other byte unchanged. A group without the field is returned
 * itself. So is a group that is not a valid protobuf message: its target decides whether to accept it. One thread at a
 * time.
 */
@Internal
public final class CategoryStripper {

    private final FieldCursor fields = new FieldCursor();

    /** The group without the field, or the group itself. */
    public RawLogGroup apply(RawLogGroup group) {
        try {
            ByteSlice bytes = group.bytes();
            int category = categoryBytes(bytes);
            return category == 0 ? group : without(group, bytes, bytes.length() - category);
        } catch (MalformedLogGroupException e) {
            return group;
        }
    }

    private int categoryBytes(ByteSlice bytes) throws MalformedLogGroupException {
        int category = 0;
        fields.reset(bytes.array(), bytes.offset(), bytes.length());
        while (fields.next()) {
            if (fields.isBytes(LogGroupFields.CATEGORY)) {
                category += fields.fieldEnd() - fields.fieldStart();
            }
        }
        return category;
    }

    private RawLogGroup without(RawLogGroup group, ByteSlice bytes, int length) throws MalformedLogGroupException {
        byte[] kept = new byte[length];
        int end = 0;
        fields.reset(bytes.array(), bytes.offset(), bytes.length());
        while (fields.next()) {
            if (!fields.isBytes(LogGroupFields.CATEGORY)) {
                int size = fields.fieldEnd() - fields.fieldStart();
                System.arraycopy(bytes.array(), fields.fieldStart(), kept, end, size);
                end += size;
            }
        }
        return group.withBytes(kept);
    }
}
