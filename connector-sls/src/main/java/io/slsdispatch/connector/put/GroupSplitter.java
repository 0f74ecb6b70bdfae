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
 * Splits groups that are larger than a target takes, by their logs, see {@link LogGroupSplitter}; the parts have the topic
 * and the place in the source of the whole.
 */
@Internal
public record GroupSplitter(LogstoreId target) {

    /** The service takes no group above this, counted before compression ("PutLogs": PostBodyTooLarge). */
    static final int MAX_GROUP_BYTES = 10 * 1024 * 1024;

    /**
     * How large parts are made: within what older pages of the service give as its limit, too. A log that is larger has
     * a part of its own.
     */
    public static final int PART_BYTES = 5_000_000;

    /** Whether the service will not take the group as a whole. */
    public static boolean isOversized(RawLogGroup group) {
        return group.length() > MAX_GROUP_BYTES;
    }

    /** The parts of a group, one by one as they are asked for; null when it cannot be split. */
    public @Nullable Iterator<RawLogGroup> parts(RawLogGroup group) {
        return parts(group, PART_BYTES);
    }

    /** The parts of a group that the service has refused as too large; empty when it cannot be split. */
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
            // Every part repeats all that is not a log: with much of that, parts would grow without end.
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

    /** What the service says to such a group, so that it need not be asked. */
    public SlsException refusal(RawLogGroup group) {
        return new SlsException(
                ErrorKind.TOO_LARGE,
                "PutLogs",
                target.toString(),
                -1,
                "PostBodyTooLarge",
                "",
                group + " is larger than the " + MAX_GROUP_BYTES
                        + " bytes that the service takes, and cannot be split by its logs",
                null);
    }
}
