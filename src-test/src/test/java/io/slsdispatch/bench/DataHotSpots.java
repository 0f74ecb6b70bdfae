package io.slsdispatch.bench;

import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.record.RawLogGroupSerializer;
import io.slsdispatch.connector.wire.LogGroupScanner;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import io.slsdispatch.job.config.ConfigReader;
import io.slsdispatch.job.rules.Decision;
import io.slsdispatch.job.rules.RuleMatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What each group costs on its way: each method takes one group of a profile. */
@State(Scope.Thread)
public class DataHotSpots {

    private static final String TOPIC = Topics.TARGETS.get(1);

    /** Names of {@link Profile}. */
    @Param({"SMALL", "LARGE"})
    public String profile;

    private final LogGroupScanner scanner = new LogGroupScanner();
    private final RawLogGroupSerializer serializer = new RawLogGroupSerializer();
    private final DataOutputSerializer out = new DataOutputSerializer(1 << 20);
    private final DataInputDeserializer in = new DataInputDeserializer();
    private final LZ4Compressor compressor = LZ4Factory.nativeInstance().fastCompressor();
    private final LZ4SafeDecompressor decompressor = LZ4Factory.nativeInstance().safeDecompressor();
    private byte[] bytes;
    private byte[] compressed;
    private byte[] target;
    private RawLogGroup group;
    private RuleMatcher matcher;

    @Setup
    public void prepare() throws Exception {
        bytes = new BenchLogs(1).next(TOPIC, Profile.valueOf(profile).logs());
        compressed = compressor.compress(bytes);
        target = new byte[compressor.maxCompressedLength(bytes.length)];
        group = new RawLogGroup(bytes, 0, bytes.length, TOPIC, 7, "MTc2NDA3MjAwMDAwMDAwMDAwMA==", 3);
        Path folder = Files.createTempDirectory("hot-spots");
        Path file = JobConfiguration.write(folder, "http://127.0.0.1:1", "source");
        matcher = new RuleMatcher(
                ConfigReader.readFile(file, Map.of(), Instant.now()).ruleTable());
    }

    @Benchmark
    public String walkAndTopic() throws MalformedLogGroupException {
        return scanner.topic(bytes, 0, bytes.length);
    }

    @Benchmark
    public RawLogGroup serializeAndBack() throws IOException {
        out.clear();
        serializer.serialize(group, out);
        in.setBuffer(out.getSharedBuffer(), 0, out.length());
        return serializer.deserialize(in);
    }

    @Benchmark
    public Decision route() throws MalformedLogGroupException {
        return matcher.decide(group);
    }

    @Benchmark
    public int compress() {
        return compressor.compress(bytes, 0, bytes.length, target, 0);
    }

    @Benchmark
    public int decompress() {
        return decompressor.decompress(compressed, 0, compressed.length, target, 0);
    }
}
