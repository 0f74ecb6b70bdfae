package io.slsdispatch.bench;

import io.slsdispatch.connector.wire.LogGroupListWalker;
import io.slsdispatch.connector.wire.LogGroupScanner;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * The work that no forwarder can do without, and nothing else, on one thread: decompress what a pull brings, find each
 * group and its topic, compress each group again, and for every request's worth of groups an MD5 of the body and an
 * HMAC-SHA1 of the head. No network, no copies, no garbage.
 */
final class Floor {

    /** What a request carries at most, as in the job. */
    private static final int REQUEST_BYTES = 5_000_000;

    private static final int REQUEST_GROUPS = 1000;
    private static final int PULL_BYTES = 10_000_000;
    private static final byte[] HEAD = new byte[300];

    private final LZ4SafeDecompressor decompressor =
            LZ4Factory.fastestInstance().safeDecompressor();
    private final LZ4Compressor compressor = LZ4Factory.fastestInstance().fastCompressor();
    private final LogGroupListWalker list = new LogGroupListWalker();
    private final LogGroupScanner scanner = new LogGroupScanner();
    private final MessageDigest md5;
    private final Mac mac;
    private final byte[] raw = new byte[PULL_BYTES + REQUEST_BYTES];
    private final byte[] request = new byte[PULL_BYTES + REQUEST_BYTES];
    private int topicCharacters;
    private long compressedBytes;

    private Floor() throws GeneralSecurityException {
        md5 = MessageDigest.getInstance("MD5");
        mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec("a-secret-of-usual-length-here".getBytes(StandardCharsets.US_ASCII), "HmacSHA1"));
    }

    /** @param args profile, file for the result, seconds of warm-up, number of rounds, seconds of a round */
    public static void main(String[] args) throws Exception {
        Profile profile = Profile.valueOf(args[0]);
        Floor floor = new Floor();
        byte[] pulled = floor.pullOf(profile);
        floor.runFor(pulled, Integer.parseInt(args[2]));
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(Path.of(args[1])))) {
            for (int round = 0; round < Integer.parseInt(args[3]); round++) {
                long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                long nanos = System.nanoTime();
                floor.compressedBytes = 0;
                long bytes = floor.runFor(pulled, Integer.parseInt(args[4]));
                out.println(bytes + " " + (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) + " "
                        + (System.nanoTime() - nanos) + " " + floor.compressedBytes);
            }
            out.println(ProcessUsage.peakRssMegabytes(ProcessHandle.current().pid()));
            out.println(floor.topicCharacters);
        }
    }

    private byte[] pullOf(Profile profile) {
        BenchLogs logs = new BenchLogs(1);
        Supplier<String> topic = Topics.THREE.sequence();
        ByteArrayOutputStream groups = new ByteArrayOutputStream();
        for (int i = 0; i < REQUEST_GROUPS && groups.size() < PULL_BYTES; i++) {
            byte[] group = logs.next(topic.get(), profile.logs());
            groups.write(0x0A);
            int rest = group.length;
            while (rest > 0x7F) {
                groups.write((rest & 0x7F) | 0x80);
                rest >>>= 7;
            }
            groups.write(rest);
            groups.writeBytes(group);
        }
        return compressor.compress(groups.toByteArray());
    }

    private long runFor(byte[] pulled, int seconds) throws MalformedLogGroupException {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        long bytes = 0;
        while (System.nanoTime() < end) {
            bytes += forward(pulled);
        }
        return bytes;
    }

    private long forward(byte[] pulled) throws MalformedLogGroupException {
        int length = decompressor.decompress(pulled, 0, pulled.length, raw, 0);
        list.reset(raw, length);
        int groups = 0;
        int groupBytes = 0;
        int requestLength = 0;
        long bytes = 0;
        while (list.next()) {
            topicCharacters += scanner.topic(raw, list.offset(), list.length()).length();
            requestLength += compressor.compress(raw, list.offset(), list.length(), request, requestLength);
            groups++;
            groupBytes += list.length();
            bytes += list.length();
            if (groups == REQUEST_GROUPS || groupBytes > REQUEST_BYTES) {
                finish(requestLength);
                groups = 0;
                groupBytes = 0;
                requestLength = 0;
            }
        }
        if (groups > 0) {
            finish(requestLength);
        }
        return bytes;
    }

    private void finish(int length) {
        compressedBytes += length;
        md5.update(request, 0, length);
        byte[] digest = md5.digest();
        ByteBuffer.wrap(HEAD).put(digest);
        byte[] signature = mac.doFinal(HEAD);
        topicCharacters += signature[0];
    }
}
