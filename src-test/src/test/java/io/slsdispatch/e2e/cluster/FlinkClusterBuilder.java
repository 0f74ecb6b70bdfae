package io.slsdispatch.e2e.cluster;

import io.slsdispatch.e2e.cluster.ClusterSettings.Processes;
import io.slsdispatch.e2e.cluster.ClusterSettings.Shape;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.configuration.MemorySize;

/** Describes a cluster before its start. */
public final class FlinkClusterBuilder {

    private final String name;
    private int taskManagers = 1;
    private int slots = 2;
    private MemorySize jobManagerMemory = MemorySize.ofMebiBytes(480);
    private MemorySize taskManagerMemory = MemorySize.ofMebiBytes(576);
    private boolean highAvailability;
    private Path flink = Launcher.LIB;
    private JvmProfile profile = JvmProfile.QUICK_START;
    private ProcessSettings jobManager = ProcessSettings.NONE;
    private ProcessSettings allTaskManagers = ProcessSettings.NONE;
    private final Map<String, String> options = new HashMap<>();
    private Duration patience = Duration.ofMinutes(3);

    FlinkClusterBuilder(String name) {
        this.name = name;
    }

    /** How many TaskManagers to start, each with how many slots. Default: 1 with 2. */
    public FlinkClusterBuilder taskManagers(int count, int slotsEach) {
        this.taskManagers = count;
        this.slots = slotsEach;
        return this;
    }

    /**
     * Memory of the JobManager's process in mebibytes, 256 of it for other things than its heap. Default: 480.
     */
    public FlinkClusterBuilder jobManagerMemory(int mebibytes) {
        this.jobManagerMemory = MemorySize.ofMebiBytes(mebibytes);
        return this;
    }

    /**
     * Memory of each TaskManager's process in mebibytes, 336 of it for other things than the heap of tasks. Default:
     * 576.
     */
    public FlinkClusterBuilder taskManagerMemory(int mebibytes) {
        this.taskManagerMemory = MemorySize.ofMebiBytes(mebibytes);
        return this;
    }

    /** The folder of the jars of another Flink. Default: those of the version that the tests are compiled against. */
    public FlinkClusterBuilder flink(Path lib) {
        this.flink = lib;
        return this;
    }

    /** Tuning of the Java processes. Default: {@link JvmProfile#QUICK_START}. */
    public FlinkClusterBuilder profile(JvmProfile value) {
        this.profile = value;
        return this;
    }

    /** Runs a ZooKeeper beside the cluster, so that jobs outlive the JobManager. */
    public FlinkClusterBuilder highAvailability() {
        this.highAvailability = true;
        return this;
    }

    /** Environment variables of JobManager and TaskManagers, such as credentials of a job. */
    public FlinkClusterBuilder environment(Map<String, String> variables) {
        ProcessSettings settings = ProcessSettings.environment(variables);
        return jobManager(settings).taskManagers(settings);
    }

    /** Adds to the settings of JobManagers. */
    public FlinkClusterBuilder jobManager(ProcessSettings settings) {
        this.jobManager = jobManager.and(settings);
        return this;
    }

    /** Adds to the settings of TaskManagers. */
    public FlinkClusterBuilder taskManagers(ProcessSettings settings) {
        this.allTaskManagers = allTaskManagers.and(settings);
        return this;
    }

    /** Sets one Flink option of all processes; it wins over the rig's own. */
    public FlinkClusterBuilder option(String key, String value) {
        options.put(key, value);
        return this;
    }

    /** Limit of each wait that names no limit of its own. Default: 3 minutes, for a machine busy with other things. */
    public FlinkClusterBuilder patience(Duration value) {
        this.patience = value;
        return this;
    }

    /**
     * Starts all processes and waits until every slot is there.
     *
     * @throws IllegalStateException if Flink's jars are not there or a process ends at once
     */
    public FlinkCluster start() {
        Shape shape = new Shape(taskManagers, slots, jobManagerMemory, taskManagerMemory, highAvailability);
        Processes processes = new Processes(flink, profile, jobManager, allTaskManagers);
        return FlinkCluster.start(new ClusterSettings(name, shape, processes, options, patience));
    }
}
