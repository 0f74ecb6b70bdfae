package io.slsdispatch.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@link SdkLoop}, or another program with its arguments, in a process of its own. */
final class SdkLoopSubject implements Subject {

    private final JavaProcess process;
    private final Path output;
    private final GcLog gcLog;

    private SdkLoopSubject(JavaProcess process, Path output, GcLog gcLog) {
        this.process = process;
        this.output = output;
        this.gcLog = gcLog;
    }

    static SdkLoopSubject start(BenchOptions options, BenchServer server, String source, int shards)
            throws IOException {
        return start(SdkLoop.class, options, server, source, shards, "lz4");
    }

    static SdkLoopSubject start(
            Class<?> program, BenchOptions options, BenchServer server, String source, int shards, String compression)
            throws IOException {
        Path output = options.directory.resolve("sdk-loop.log");
        GcLog gcLog = new GcLog(Files.createTempFile(options.directory, "gc-", ".log"));
        JavaProcess process = JavaProcess.start(
                List.of("-Xmx512m", "-XX:+UseG1GC", gcLog.jvmOption()),
                program,
                List.of(server.endpoint(), source, Integer.toString(shards), compression),
                output);
        return new SdkLoopSubject(process, output, gcLog);
    }

    @Override
    public List<Long> pids() {
        return List.of(process.pid());
    }

    @Override
    public double peakRssMegabytes() throws IOException {
        return ProcessUsage.peakRssMegabytes(process.pid());
    }

    @Override
    public GcLog.Totals garbage() throws IOException {
        return gcLog.read();
    }

    @Override
    public void check() {
        if (!process.isAlive()) {
            throw new IllegalStateException("the loop over the SDK has ended; see " + output);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
