package io.slsdispatch.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What a process has used, all of its threads together, as the operating system counts it. */
final class ProcessUsage {

    private static final double MEBIBYTE = 1024 * 1024;

    private ProcessUsage() {}

    /** Processor time since its start. */
    static Duration cpu(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow(() -> new IllegalStateException("the processor time of process " + pid + " is not known"));
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
