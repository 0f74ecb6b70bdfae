package io.slsdispatch.connector.wire;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.flink.annotation.Internal;

/**
 * Splits a serialized log group between its logs. Each part contains some of the logs, byte for byte and in their
 * order, and all other fields of the group (topic, source, tags, and any unknown ones), each at its place between the
 * logs. A part contains as many logs as fit in the target size; a larger log has a part of its own. So the parts depend
 * only on the bytes and that size: splitting again produces the same parts.
 *
 * <p>Parts are created one by one, so that a large group is not in memory twice. One thread at a time.
 */
@Internal
public final class LogGroupSplitter implements Iterator<byte[]> {

    private final byte[] array;
    private final int offset;
    private final int length;
    private final int partBytes;
    private final int frameBytes;
    private final int logs;
    private final FieldCursor fields = new FieldCursor();
    private int nextLog;

    /**
     * Creates a splitter.
     *
     * @param partBytes the target size
     * @throws MalformedLogGroupException when the bytes are not a protobuf message
     */
    public LogGroupSplitter(byte[] array, int offset, int length, int partBytes) throws MalformedLogGroupException {
        this.array = array;
        this.offset = offset;
        this.length = length;
        this.partBytes = partBytes;
        int frame = 0;
        int count = 0;
        fields.reset(array, offset, length);
        while (fields.next()) {
            if (fields.isBytes(LogGroupFields.LOGS)) {
                count++;
            } else {
                frame += size();
            }
        }
        this.frameBytes = frame;
        this.logs = count;
    }

    private int size() {
        return fields.fieldEnd() - fields.fieldStart();
    }

    /** The number of logs in the group. */
    public int logs() {
        return logs;
    }

    /** The number of bytes of the group besides its logs; every part contains them, too. */
    public int frameBytes() {
        return frameBytes;
    }

    @Override
    public boolean hasNext() {
        return nextLog < logs;
    }

    /** The next part. */
    @Override
    public byte[] next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the group has no more logs");
        }
        try {
            int from = nextLog;
            int bytes = findEnd(from);
            return part(from, nextLog, bytes);
        } catch (MalformedLogGroupException e) {
            throw new IllegalStateException("the group has changed since it was first scanned", e);
        }
    }

    /** Moves to the log after the part that begins with this one, and returns the part's size. */
    private int findEnd(int from) throws MalformedLogGroupException {
        int bytes = frameBytes;
        int log = 0;
        fields.reset(array, offset, length);
        while (fields.next()) {
            if (fields.isBytes(LogGroupFields.LOGS)) {
                if (log > from && bytes + size() > partBytes) {
                    break;
                }
                if (log >= from) {
                    bytes += size();
                }
                log++;
            }
        }
        nextLog = log;
        return bytes;
    }

    private byte[] part(int from, int to, int bytes) throws MalformedLogGroupException {
        byte[] part = new byte[bytes];
        int end = 0;
        int log = 0;
        fields.reset(array, offset, length);
        while (fields.next()) {
            boolean isLog = fields.isBytes(LogGroupFields.LOGS);
            if (!isLog || (log >= from && log < to)) {
                System.arraycopy(array, fields.fieldStart(), part, end, size());
                end += size();
            }
            if (isLog) {
                log++;
            }
        }
        return part;
    }
}
