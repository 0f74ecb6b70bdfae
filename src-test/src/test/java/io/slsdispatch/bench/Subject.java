package io.slsdispatch.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Something that forwards groups in processes of its own, and is measured. */
interface Subject extends AutoCloseable {

    /** All of its processes. */
    List<Long> pids();

    /** Of the process that forwards, in MB of 2^20 bytes. */
    double peakRssMegabytes() throws IOException;

    /** Of the process that forwards. */
    GcLog.Totals garbage() throws IOException;

    /** Throws when it has failed. */
    void check();

    /** Processor time of all of its processes since their start. */
    default Duration cpu() {
        return pids().stream().map(ProcessUsage::cpu).reduce(Duration.ZERO, Duration::plus);
    }

    /** Of it, what the compilers have used. */
    default Duration compilers() throws IOException {
        Duration sum = Duration.ZERO;
        for (long pid : pids()) {
            sum = sum.plus(ProcessUsage.compilers(pid));
        }
        return sum;
    }

    @Override
    void close();
}
