package io.slsdispatch.bench;

import io.slsdispatch.job.config.JobConfig;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;

/**
 * What the configuration allows the process of a TaskManager, in MB of 2^20 bytes. Flink makes the limits of the Java
 * process of it: heap, direct memory and metaspace; what the overhead is for (threads, compiled code, the collector's own
 * books) has no limit that the system enforces.
 *
 * @param heap {@code -Xmx}
 * @param direct {@code -XX:MaxDirectMemorySize}, Flink's network buffers included
 * @param metaspace {@code -XX:MaxMetaspaceSize}
 * @param overhead of the Java process
 */
record MemoryBound(double heap, double direct, double metaspace, double overhead) {

    private static final double MEBIBYTE = 1024 * 1024;

    /** Between source and sink, a group of a target's buffer may be there twice: as it was pulled and as it came over. */
    private static final int COPIES = 2;

    /** By the rules of Flink. */
    static MemoryBound of(Configuration flink) {
        TaskExecutorProcessSpec spec = TaskExecutorProcessUtils.processSpecFromConfig(flink);
        return new MemoryBound(
                spec.getJvmHeapMemorySize().getBytes() / MEBIBYTE,
                spec.getJvmDirectMemorySize().getBytes() / MEBIBYTE,
                spec.getJvmMetaspaceSize().getBytes() / MEBIBYTE,
                spec.getJvmOverheadSize().getBytes() / MEBIBYTE);
    }

    /** Of the process: its configured size without managed memory, of which the job asks for none. */
    double process() {
        return heap + direct + metaspace + overhead;
    }

    /** What the job's own options let all of its subtasks together buffer on the heap. */
    static double buffers(JobConfig job, int subtasks) {
        long targets = job.targets().stream()
                .mapToLong(target -> target.config().delivery().maxBufferedBytes())
                .sum();
        return subtasks * (job.source().config().pulls().maxBufferedBytes() + COPIES * targets) / MEBIBYTE;
    }
}
