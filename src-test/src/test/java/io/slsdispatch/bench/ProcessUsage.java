package io.slsdispatch.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What a process has used, all of its threads together, as the operating system counts it. */
final class ProcessUsage {

    /** As every Linux tells its users. */
    private static final int MILLIS_PER_TICK = 10;

    /** Place of the user time, counted from behind the name; the system's follows. */
    private static final int USER_TICKS = 11;

    /** See proc_pid_clear_refs(5). */
    private static final String FORGET_PEAK = "5";

    private static final double MEBIBYTE = 1024 * 1024;

    private ProcessUsage() {}

    /** Processor time since its start. */
    static Duration cpu(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow(() -> new IllegalStateException("the processor time of process " + pid + " is not known"));
    }

    /**
     * Processor time of the threads of a Java process that compile, of those that live; 0 where the system does not tell.
     * Until they have done most of their work, a measurement shows them and not what it is about.
     */
    static Duration compilers(long pid) throws IOException {
        Path tasks = Path.of("/proc", Long.toString(pid), "task");
        if (!Files.isDirectory(tasks)) {
            return Duration.ZERO;
        }
        long ticks = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                ticks += compilerTicks(thread);
            }
        }
        return Duration.ofMillis(ticks * MILLIS_PER_TICK);
    }

    private static long compilerTicks(Path thread) {
        String stat;
        try {
            stat = Files.readString(thread.resolve("stat"));
        } catch (IOException ended) {
            // The thread is gone, which the system says in more than one way.
            return 0;
        }
        int name = stat.lastIndexOf(')');
        if (!stat.substring(0, name).contains("CompilerThre")) {
            return 0;
        }
        String[] fields = stat.substring(name + 2).split(" ");
        return Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[USER_TICKS + 1]);
    }

    /**
     * Lets {@link #peakRssMegabytes} begin anew from what is resident now. Where the system does not know how, the peak
     * stays that of the whole life of the process.
     */
    static void forgetPeakRss(long pid) {
        try {
            Files.writeString(Path.of("/proc", Long.toString(pid), "clear_refs"), FORGET_PEAK);
        } catch (IOException e) {
            // Not a Linux, or one without this: the figure is then too high, never too low.
            return;
        }
    }

    /** Its largest resident memory so far, in MB of 2^20 bytes; not a number where the system does not tell. */
    static double peakRssMegabytes(long pid) throws IOException {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        if (!Files.exists(status)) {
            return Double.NaN;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024 / MEBIBYTE;
            }
        }
        return Double.NaN;
    }
}
