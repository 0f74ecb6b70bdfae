package io.slsdispatch.connector.put;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.LogGroupSplitter;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Splits groups that are larger than the target accepts, between their logs, see {@link LogGroupSplitter}. The parts
 * have the topic and the source position of the whole group.
 */
@Internal
public record GroupSplitter(LogstoreId target) {

    /** The maximum size of a group that the service accepts, before compression ("PutLogs": PostBodyTooLarge). */
    static final int MAX_GROUP_BYTES = 10 * 1024 * 1024;

    /**
     * The target size of parts: within the limit that older pages of the service give, too. A larger log has a part of
     * its own.
     */
    public static final int PART_BYTES = 5_000_000;

    /** Whether the service rejects the group for its size. */
    public static boolean isOversized(RawLogGroup group) {
        return group.length() > MAX_GROUP_BYTES;
    }

    /** The parts of a group, created one by one on demand; null when it cannot be split. */
    public @Nullable Iterator<RawLogGroup> parts(RawLogGroup group) {
        return parts(group, PART_BYTES);
    }

    /** The parts of a group that the service has rejected as too large; empty when it cannot be split. */
    public List<RawLogGroup> halves(RawLogGroup group) {
        List<RawLogGroup> halves = new ArrayList<>();
        Iterator<RawLogGroup> parts = parts(group, (group.length() + 1) / 2);
        if (parts != null) {
            parts.forEachRemaining(halves::add);
        }
        return halves;
    }

    private static @Nullable Iterator<RawLogGroup> parts(RawLogGroup group, int partBytes) {
        try {
            ByteSlice bytes = group.bytes();
            LogGroupSplitter parts = new LogGroupSplitter(bytes.array(), bytes.offset(), bytes.length(), partBytes);
            // Every part repeats all data except the logs: with much of that data, the number of parts would be
            // unlimited.
            if (parts.logs() < 2 || parts.frameBytes() > partBytes / 2) {
                return null;
            }
            String prefix = group.part().isEmpty() ? "" : group.part() + ".";
            return new Iterator<>() {
                private int number;

                @Override
                public boolean hasNext() {
                    return parts.hasNext();
                }

                @Override
                public RawLogGroup next() {
                    byte[] part = parts.next();
                    return group.withBytes(part).asPart(prefix + number++);
                }
            };
        } catch (MalformedLogGroupException e) {
            return null;
        }
    }

    /** The error that the service returns for such a group, so that no request is needed. */
    public SlsException refusal(RawLogGroup group) {
        return new SlsException(
                ErrorKind.TOO_LARGE,
                "PutLogs",
                target.toString(),
                -1,
                "PostBodyTooLarge",
                "",
                group + " is larger than the " + MAX_GROUP_BYTES
                        + " bytes that the service accepts, and cannot be split into parts",
                null);
    }
}
