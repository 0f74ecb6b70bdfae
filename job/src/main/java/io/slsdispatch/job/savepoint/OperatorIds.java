package io.slsdispatch.job.savepoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Operator ids (uids) in savepoints, and the state names of the dispatcher. A change of any of them makes savepoints
 * unreadable and is a breaking change.
 */
public final class OperatorIds {

    public static final String SOURCE = "sls-source";

    public static final String DISPATCH = "dispatch";

    /** More blocks than a job can have; their ids are known without the configuration. */
    private static final int MOST_BLOCKS = 256;

    /** State of the dispatcher: the active rules. */
    public static final String RULES_STATE = "rules";

    /** State of the dispatcher: the fingerprint of the job's configuration. */
    public static final String CONFIGURATION_STATE = "configuration";

    private static final int BLOCK = 16;
    private static final long C1 = 0x87c37b91114253d5L;
    private static final long C2 = 0x4cf5ad432745937fL;

    private OperatorIds() {}

    /** The id of the sink of the target with this name. */
    public static String target(String name) {
        return "target-" + name;
    }

    /** The id of a block of targets. Not a contract: blocks have no state. */
    public static String block(int number) {
        return "block-" + number;
    }

    /** The ids of this class and of the sinks of these targets, by their hashes. */
    static Map<String, String> byHash(Collection<String> targets) {
        Map<String, String> ids = new HashMap<>();
        Stream.of(
                        Stream.of(SOURCE, DISPATCH),
                        targets.stream().map(OperatorIds::target),
                        IntStream.range(0, MOST_BLOCKS).mapToObj(OperatorIds::block))
                .flatMap(each -> each)
                .forEach(id -> ids.put(hash(id), id));
        return ids;
    }

    /**
     * The hash of an operator's uid in hexadecimal digits, by which Flink identifies the operator in savepoints: the
     * 128-bit MurmurHash3 for 64-bit machines, with seed 0, of the UTF-8 bytes of the uid. Implemented here because
     * Flink's class {@code StreamGraphHasherV2} uses a library whose package name changes with each version of Flink.
     */
    static String hash(String uid) {
        byte[] text = uid.getBytes(StandardCharsets.UTF_8);
        int whole = text.length / BLOCK * BLOCK;
        // The bytes after the last whole block are padded with zeros to a block.
        ByteBuffer in = ByteBuffer.allocate(whole + BLOCK).order(ByteOrder.LITTLE_ENDIAN);
        in.put(text).rewind();
        long h1 = 0;
        long h2 = 0;
        while (in.position() < whole) {
            h1 ^= first(in.getLong());
            h1 = (Long.rotateLeft(h1, 27) + h2) * 5 + 0x52dce729;
            h2 ^= second(in.getLong());
            h2 = (Long.rotateLeft(h2, 31) + h1) * 5 + 0x38495ab5;
        }
        h1 ^= first(in.getLong()) ^ text.length;
        h2 ^= second(in.getLong()) ^ text.length;
        h1 += h2;
        h2 += h1;
        h1 = mixed(h1);
        h2 = mixed(h2);
        h1 += h2;
        h2 += h1;
        ByteBuffer out = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
        return HexFormat.of().formatHex(out.putLong(h1).putLong(h2).array());
    }

    private static long first(long word) {
        return Long.rotateLeft(word * C1, 31) * C2;
    }

    private static long second(long word) {
        return Long.rotateLeft(word * C2, 33) * C1;
    }

    private static long mixed(long hash) {
        long h = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return h ^ (h >>> 33);
    }
}
