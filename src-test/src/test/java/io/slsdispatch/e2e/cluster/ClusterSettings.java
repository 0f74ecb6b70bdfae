package io.slsdispatch.e2e.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.configuration.MemorySize;

/**
 * What {@link FlinkClusterBuilder} was told.
 *
 * @param name the first part of the directory's name
 * @param shape how many processes, how large
 * @param processes how they are started
 * @param options Flink options that win over the rig's own
 * @param patience limit of each wait that names no limit of its own
 */
record ClusterSettings(String name, Shape shape, Processes processes, Map<String, String> options, Duration patience) {

    /**
     * @param taskManagers number of TaskManagers at start
     * @param slots of each TaskManager
     * @param jobManagerMemory total memory of the JobManager's process
     * @param taskManagerMemory total memory of each TaskManager's process
     * @param highAvailability whether a ZooKeeper runs, so that jobs outlive the JobManager
     */
    record Shape(
            int taskManagers,
            int slots,
            MemorySize jobManagerMemory,
            MemorySize taskManagerMemory,
            boolean highAvailability) {}

    /**
     * @param flink the folder of Flink's jars
     * @param profile how the Java processes are tuned
     * @param jobManager what a JobManager gets beside
     * @param taskManagers what each TaskManager gets beside
     */
    record Processes(Path flink, JvmProfile profile, ProcessSettings jobManager, ProcessSettings taskManagers) {}

    ClusterSettings {
        options = Map.copyOf(options);
    }
}
