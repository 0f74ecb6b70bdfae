package io.slsdispatch.local.wire;

import java.util.ArrayList;
import java.util.List;

/**
 * The expected split of a log group that is larger than the service accepts, by the rule that sls-dispatch documents. A
 * part has at most 5,000,000 bytes, or at most half of the group where a target has refused a group that is smaller, or
 * one log. Each part repeats all fields of the group that are not logs, and the logs are byte for byte the same and in
 * order. This implementation is independent of the forwarder's, so that each can verify the other.
 */
public final class GroupParts {

    /** The service accepts no group above this size, counted before compression (PutLogs: PostBodyTooLarge). */
    public static final int MAX_WHOLE_BYTES = 10 * 1024 * 1024;

    private static final int PART_BYTES = 5_000_000;
    private static final int LOGS = 1 << 3 | Fields.LENGTH_DELIMITED;

    private final byte[] group;
    private final int partBytes;

    /** Where each field begins, and where the last one ends. */
    private final List<Integer> bounds = new ArrayList<>();

    private final List<Boolean> isLog = new ArrayList<>();
    private int logs;
    private int frame;

    private GroupParts(byte[] group, int partBytes) {
        this.group = group;
        this.partBytes = partBytes;
    }

    /**
     * The parts of a group, in order.
     *
     * @return empty when the service accepts the group as it is, and when it cannot be split: because it has no second
     *     log, or because the fields that are not logs, which each part repeats, are more than half of a part
     * @throws Refusal PostBodyInvalid when the bytes are not a message
     */
    public static List<byte[]> of(byte[] group) {
        return group.length <= MAX_WHOLE_BYTES ? List.of() : new GroupParts(group, PART_BYTES).parts();
    }

    /**
     * The parts of a group that a logstore has refused as too large, in order: two, or three where logs do not fit.
     *
     * @return empty when it cannot be split, see {@link #of}
     * @throws Refusal PostBodyInvalid when the bytes are not a message
     */
    public static List<byte[]> ofRefused(byte[] group) {
        return new GroupParts(group, (group.length + 1) / 2).parts();
    }

    private List<byte[]> parts() {
        readFields();
        if (logs < 2 || frame > partBytes / 2) {
            return List.of();
        }
        List<byte[]> parts = new ArrayList<>();
        int first = 0;
        while (first < isLog.size()) {
            int end = endOfPart(first);
            if (end > first) {
                parts.add(part(first, end));
            }
            first = Math.max(end, first + 1);
        }
        return parts;
    }

    private void readFields() {
        Fields fields = new Fields(group);
        bounds.add(0);
        while (fields.position() < group.length) {
            int begin = fields.position();
            int tag = fields.tag(group.length);
            fields.skip(tag, group.length);
            bounds.add(fields.position());
            isLog.add(tag == LOGS);
            if (tag == LOGS) {
                logs++;
            } else {
                frame += fields.position() - begin;
            }
        }
    }

    /**
     * The field after the last log of the part that begins with the first log at or after {@code from}; {@code from} if
     * there is no log.
     */
    private int endOfPart(int from) {
        int bytes = frame;
        int end = from;
        for (int field = from; field < isLog.size(); field++) {
            if (isLog.get(field)) {
                bytes += size(field);
                if (end > from && bytes > partBytes) {
                    return end;
                }
                end = field + 1;
            }
        }
        return end;
    }

    private byte[] part(int from, int end) {
        int bytes = 0;
        for (int field = 0; field < isLog.size(); field++) {
            bytes += isIn(field, from, end) ? size(field) : 0;
        }
        byte[] part = new byte[bytes];
        int to = 0;
        for (int field = 0; field < isLog.size(); field++) {
            if (isIn(field, from, end)) {
                System.arraycopy(group, bounds.get(field), part, to, size(field));
                to += size(field);
            }
        }
        return part;
    }

    private boolean isIn(int field, int from, int end) {
        return !isLog.get(field) || (field >= from && field < end);
    }

    private int size(int field) {
        return bounds.get(field + 1) - bounds.get(field);
    }
}
