package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.FieldCursor;
import io.slsdispatch.connector.wire.LogGroupFields;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import java.io.IOException;

/**
 * Leaves the field Category out of groups, every other byte as it is. A group without one is handed on itself. One
 * thread at a time.
 */
public final class CategoryCut {

    private final FieldCursor fields = new FieldCursor();

    /** @throws IOException when the group is no protobuf message; the source has seen that it is */
    public RawLogGroup apply(RawLogGroup group) throws IOException {
        try {
            ByteSlice bytes = group.bytes();
            int category = categoryBytes(bytes);
            return category == 0 ? group : without(group, bytes, bytes.length() - category);
        } catch (MalformedLogGroupException e) {
            throw new IOException("cannot leave the Category out of " + group, e);
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
        return new RawLogGroup(kept, 0, length, group.topic(), group.shard(), group.cursor(), group.index());
    }
}
