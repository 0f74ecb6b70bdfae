package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.CategoryStripper;
import io.slsdispatch.connector.put.GroupSplitter;
import io.slsdispatch.connector.put.OrderingKey;
import io.slsdispatch.connector.put.PutItems;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Log groups as the items of the target's engine. The field Category is removed only from what is sent: a dead letter
 * keeps the group as it was read.
 *
 * @param categoryStripper null when the field is passed on
 */
record TargetItems(GroupSplitter splitter, @Nullable CategoryStripper categoryStripper)
        implements PutItems<RawLogGroup> {

    @Override
    public int bytes(RawLogGroup group) {
        return group.length();
    }

    @Override
    public List<RawLogGroup> groups(List<RawLogGroup> groups) {
        return categoryStripper == null
                ? groups
                : groups.stream().map(categoryStripper::apply).toList();
    }

    @Override
    public boolean areGroups() {
        return true;
    }

    @Override
    public OrderingKey keyOf(RawLogGroup group) {
        return OrderingKey.of(group);
    }

    @Override
    public List<RawLogGroup> split(RawLogGroup group) {
        return splitter.halves(group);
    }

    @Override
    public RawLogGroup recompressed(RawLogGroup group) {
        try {
            return group.unpacked();
        } catch (RuntimeException e) {
            // The block cannot be decompressed here either: the refusal is final.
            return group;
        }
    }
}
