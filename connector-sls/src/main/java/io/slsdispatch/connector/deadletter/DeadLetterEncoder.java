package io.slsdispatch.connector.deadletter;

import io.slsdispatch.connector.lz4.Lz4;
import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.wire.FieldWriter;
import io.slsdispatch.connector.wire.LogGroupFields;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Makes dead letters into logs. Each log can be read in the console of the service: it says what was not taken, by whom
 * and why. Its last field holds the group, compressed and as base64; a large group is spread over several logs, since
 * one value should have 1 MB at most ("Data read and write").
 *
 * <p>One thread at a time.
 */
public final class DeadLetterEncoder {

    /** The topic of all log groups that hold dead letters. */
    public static final String TOPIC = "sls-dispatch-dead-letter";

    /** Field Source of these groups. */
    private static final String SOURCE = "sls-dispatch";

    private static final int COPY_BYTES = 8;

    private final RandomGenerator random;

    /** @param random tells different attempts to store one letter apart */
    public DeadLetterEncoder(RandomGenerator random) {
        this.random = random;
    }

    /** Makes one letter into one or more logs. */
    public EncodedDeadLetter encode(DeadLetter letter) {
        byte[] copy = new byte[COPY_BYTES];
        random.nextBytes(copy);
        ByteSlice bytes = letter.group().bytes();
        byte[] array = bytes.array();
        int offset = bytes.offset();
        int length = bytes.length();
        byte[] room = new byte[Lz4.maxLength(length)];
        byte[] compressed = Arrays.copyOf(room, Lz4.compress(array, offset, length, room, 0));
        boolean smaller = compressed.length < length;
        return new EncodedDeadLetter(
                letter,
                HexFormat.of().formatHex(copy),
                smaller ? LetterFields.LZ4 : LetterFields.PLAIN,
                smaller ? compressed : array,
                smaller ? 0 : offset,
                smaller ? compressed.length : length);
    }

    /** A log group, serialized, of logs that {@link EncodedDeadLetter#log} made; of as many letters as one likes. */
    public static byte[] group(List<byte[]> logs) {
        int size = 64;
        for (byte[] log : logs) {
            size += log.length + 8;
        }
        FieldWriter group = new FieldWriter(size);
        for (byte[] log : logs) {
            group.bytes(LogGroupFields.LOGS, log);
        }
        return group.text(LogGroupFields.TOPIC, TOPIC)
                .text(LogGroupFields.SOURCE, SOURCE)
                .toBytes();
    }
}
