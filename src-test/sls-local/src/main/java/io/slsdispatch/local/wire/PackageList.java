package io.slsdispatch.local.wire;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the body of a put in {@code batch_group} mode: a SlsLogPackageList, each package one compressed LogGroup. */
public final class PackageList {

    private static final int PACKAGES = 1 << 3 | Fields.LENGTH_DELIMITED;
    private static final int DATA = 1 << 3 | Fields.LENGTH_DELIMITED;
    private static final int RAW_SIZE = 2 << 3 | Fields.VARINT;
    private static final int COMPRESS_TYPE = 3 << 3 | Fields.VARINT;

    /** Of one group, whatever is limited. */
    private static final long MOST_BYTES = 64 << 20;

    private final byte[] body;
    private final long maxSize;
    private final Fields fields;
    private final boolean raw;
    private final boolean summed;
    private long sum;

    private PackageList(byte[] body, long maxSize, String measure) {
        this.body = body;
        this.maxSize = maxSize;
        this.raw = measure.startsWith("raw");
        this.summed = measure.endsWith("sum");
        this.fields = new Fields(body);
    }

    /**
     * The groups of a list, decompressed, in their order.
     *
     * @param maxSize maximum bytes
     * @param measure what is limited: {@code raw} or {@code compressed} bytes, {@code each} group or all {@code in sum},
     *     as in {@code raw, in sum}
     * @throws Refusal PostBodyInvalid, PostBodyUncompressError or PostBodyTooLarge; the list is accepted as a whole or
     *     not at all
     */
    public static List<byte[]> read(byte[] body, long maxSize, String measure) {
        return new PackageList(body, maxSize, measure).packages();
    }

    private List<byte[]> packages() {
        List<byte[]> groups = new ArrayList<>();
        while (fields.position() < body.length) {
            int tag = fields.tag(body.length);
            if (tag == PACKAGES) {
                groups.add(onePackage(fields.length(body.length)));
            } else {
                fields.skip(tag, body.length);
            }
        }
        return groups;
    }

    private byte[] onePackage(int length) {
        int end = fields.position() + length;
        int dataAt = -1;
        int dataLength = 0;
        long size = -1;
        // Absent means LZ4, as in loongcollector and the Java SDK.
        Compression compression = Compression.LZ4;
        while (fields.position() < end) {
            int tag = fields.tag(end);
            switch (tag) {
                case DATA -> {
                    dataLength = fields.length(end);
                    dataAt = fields.position();
                    fields.advance(dataLength, end);
                }
                case RAW_SIZE -> size = fields.varint(end);
                case COMPRESS_TYPE -> {
                    Compression named = ofNumber(fields.varint(end));
                    if (named == null) {
                        throw fields.malformed("an unknown compress_type");
                    }
                    compression = named;
                }
                default -> fields.skip(tag, end);
            }
        }
        if (dataAt < 0) {
            throw fields.malformed("a package without data");
        }
        return decompress(compression, dataAt, dataLength, size < 0 ? dataLength : size);
    }

    private byte[] decompress(Compression compression, int dataAt, int dataLength, long size) {
        long measured = raw ? size : dataLength;
        sum += measured;
        if ((summed ? sum : measured) > maxSize || size > MOST_BYTES) {
            throw tooLarge(summed ? sum : measured, maxSize);
        }
        return compression.decompress(body, dataAt, dataLength, (int) size);
    }

    private static @Nullable Compression ofNumber(long number) {
        return switch ((int) number) {
            case 0 -> Compression.NONE;
            case 1 -> Compression.DEFLATE;
            case 2 -> Compression.LZ4;
            case 3 -> Compression.ZSTD;
            default -> null;
        };
    }

    /** The service's own error message, from its page "PutLogs". */
    public static Refusal tooLarge(long size, long limit) {
        return new Refusal(ErrorCode.POST_BODY_TOO_LARGE, "Body size " + size + " must little than " + limit + ".");
    }
}
