package io.slsdispatch.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.job.config.ConfigReader;
import io.slsdispatch.job.config.JobConfig;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryBoundTest {

    @Test
    void theBoundOfTheProcessIsItsSizeWithoutManagedMemory() {
        MemoryBound bound = MemoryBound.of(Configuration.fromMap(Map.of(
                "taskmanager.memory.process.size", "1728m",
                "taskmanager.memory.managed.size", "512m",
                "taskmanager.memory.task.off-heap.size", "64m",
                "taskmanager.memory.jvm-metaspace.size", "256m",
                "taskmanager.memory.jvm-overhead.min", "192m",
                "taskmanager.memory.jvm-overhead.max", "192m")));

        assertThat(bound.process()).isEqualTo(1728 - 512);
        assertThat(bound.metaspace()).isEqualTo(256);
        assertThat(bound.overhead()).isEqualTo(192);
        assertThat(bound.direct())
                .as("Flink's 128, its network buffers, and the job's")
                .isGreaterThan(128 + 64);
        assertThat(bound.heap()).isEqualTo(1728 - 512 - 256 - 192 - bound.direct());
    }

    @Test
    void theJobsBuffersGrowWithSubtasksAndTargets(@TempDir Path folder) throws Exception {
        Path file = JobConfiguration.write(folder, "http://127.0.0.1:1", "source");
        JobConfig job = ConfigReader.readFile(file, Map.of(), Instant.now());

        assertThat(MemoryBound.buffers(job, 1)).isEqualTo(64 + 2 * 3 * 8);
        assertThat(MemoryBound.buffers(job, 2)).isEqualTo(2 * (64 + 2 * 3 * 8));
    }
}
