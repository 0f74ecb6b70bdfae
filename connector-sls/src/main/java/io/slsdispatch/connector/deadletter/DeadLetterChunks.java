package io.slsdispatch.connector.deadletter;

import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.LogGroupScanner;
import io.slsdispatch.connector.wire.Lz4;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import java.io.ByteArrayOutputStream;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jpountz.lz4.LZ4Exception;
import org.jspecify.annotations.Nullable;

/** Collects the chunks of one copy of a dead letter. */
final class DeadLetterChunks {

    /**
     * The size of the other fields, texts from outside included, so that many small chunks count towards the limit,
     * too.
     */
    private static final int BYTES_OF_FIELDS = 4_096;

    private final DeadLetterLog first;
    private final SortedMap<Integer, byte[]> bodies = new TreeMap<>();
    private long heldBytes = BYTES_OF_FIELDS;

    /** @param first gives the number of chunks; it is not added yet */
    DeadLetterChunks(DeadLetterLog first) {
        this.first = first;
    }

    String id() {
        return first.id();
    }

    /** The log that was found first. */
    DeadLetterLog first() {
        return first;
    }

    /** The number of chunks found. */
    int count() {
        return bodies.size();
    }

    /** The number of bytes kept. */
    long heldBytes() {
        return heldBytes;
    }

    /** Adds a chunk; a chunk that is already present is ignored. Returns how many bytes more are kept now. */
    int add(DeadLetterLog chunk) {
        if (chunk.chunks() != first.chunks()) {
            throw new IllegalArgumentException(
                    "its logs disagree on the number of chunks: " + first.chunks() + " and " + chunk.chunks());
        }
        if (bodies.putIfAbsent(chunk.chunk(), chunk.body()) != null) {
            return 0;
        }
        heldBytes += chunk.body().length;
        return chunk.body().length;
    }

    boolean isComplete() {
        return bodies.size() == first.chunks();
    }

    /** @throws IllegalArgumentException when the bytes are not those that were written */
    DeadLetter letter() {
        byte[] bytes = bytes();
        if (bytes.length != first.bytes() || !Sha256.hex(bytes, 0, bytes.length).equals(first.sha256())) {
            throw new IllegalArgumentException(
                    "its bytes differ from those that were written: the checksum does not match");
        }
        return new DeadLetter(
                group(bytes),
                first.target(),
                first.logstore(),
                first.scope(),
                first.reason(),
                first.time(),
                first.idVersion());
    }

    private RawLogGroup group(byte[] bytes) {
        String topic = topic(bytes);
        RawLogGroup group = new RawLogGroup(
                        bytes,
                        0,
                        bytes.length,
                        topic == null ? "" : topic,
                        first.shard(),
                        first.cursor(),
                        first.index())
                .asPart(first.part());
        if (topic == null) {
            group = group.asMalformed();
        }
        if (first.number().isEmpty()) {
            return group;
        }
        RawLogGroup numbered = group.numbered();
        if (!numbered.number().equals(first.number())) {
            throw new IllegalArgumentException(
                    "the number of its group, " + first.number().getAsLong() + ", does not match its cursor and index");
        }
        return numbered;
    }

    private byte[] bytes() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        bodies.values().forEach(all::writeBytes);
        return switch (first.encoding()) {
            case DeadLetterFields.PLAIN -> all.toByteArray();
            case DeadLetterFields.LZ4 -> decompressed(all.toByteArray());
            default -> throw new IllegalArgumentException("the encoding '" + first.encoding() + "' is unknown");
        };
    }

    private byte[] decompressed(byte[] compressed) {
        if (first.bytes() > Lz4.mostDecompressed(compressed.length)) {
            throw new IllegalArgumentException("its size of " + first.bytes() + " bytes does not match its "
                    + compressed.length + " compressed bytes");
        }
        try {
            return Lz4.decompress(compressed, 0, compressed.length, first.bytes());
        } catch (LZ4Exception e) {
            throw new IllegalArgumentException("its body cannot be decompressed: " + e.getMessage(), e);
        }
    }

    /** The topic of a group. Bytes that are not a log group can be a dead letter, too: null. */
    private static @Nullable String topic(byte[] bytes) {
        try {
            return new LogGroupScanner().topic(bytes, 0, bytes.length);
        } catch (MalformedLogGroupException e) {
            return null;
        }
    }
}
