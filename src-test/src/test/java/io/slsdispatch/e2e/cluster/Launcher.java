package io.slsdispatch.e2e.cluster;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessSpec;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;

/**
 * Starts the processes of one cluster with the commands that the start scripts of Flink's distribution would use; the
 * memory options come from the same classes of Flink as there.
 */
final class Launcher {

    /** Where the build puts the jars of a Flink distribution of the version that the tests are compiled against. */
    static final Path LIB = Path.of("target", "flink", "lib");

    private static final List<String> NO_MEMORY_OPTIONS = List.of("-Xmx256m");
    /** As in the distribution's default configuration. */
    private static final List<String> OPENS = List.of(
            "--add-exports=java.base/sun.net.util=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.net=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/java.text=ALL-UNNAMED",
            "--add-opens=java.base/java.time=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent.locks=ALL-UNNAMED");

    private final ClusterDirectory directory;
    private final ClusterSettings settings;
    private final Configuration flink;
    private final Path lib;

    /** @throws IllegalStateException if Flink's jars are not there */
    Launcher(ClusterDirectory directory, ClusterSettings settings, Configuration flink) {
        this.directory = directory;
        this.settings = settings;
        this.flink = flink;
        this.lib = settings.processes().flink().toAbsolutePath();
        if (!Files.isDirectory(lib)) {
            throw new IllegalStateException("Flink's jars are not in " + lib
                    + ". The build puts them there before the tests: run mvn generate-test-resources -pl src-test -am,"
                    + " and the test in the folder src-test.");
        }
        JarOfClasses.write(directory.guardJar(), DiesWithParent.class);
    }

    ClusterProcess jobManager(String name, ProcessSettings own) {
        JobManagerProcessSpec memory = JobManagerProcessUtils.processSpecFromConfig(flink);
        return daemon(
                name,
                "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
                options(JobManagerProcessUtils.generateJvmParametersStr(memory, flink)),
                configured(options(JobManagerProcessUtils.generateDynamicConfigsStr(memory))),
                own);
    }

    /** Its name is also the id by which Flink's REST interface calls it. */
    ClusterProcess taskManager(String name, ProcessSettings own) {
        TaskExecutorProcessSpec memory = TaskExecutorProcessUtils.processSpecFromConfig(flink);
        List<String> dynamic = new ArrayList<>(options(TaskExecutorProcessUtils.generateDynamicConfigsStr(memory)));
        dynamic.addAll(List.of("-D", TaskManagerOptions.TASK_MANAGER_RESOURCE_ID.key() + "=" + name));
        return daemon(
                name,
                "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                options(ProcessMemoryUtils.generateJvmParametersStr(memory)),
                configured(dynamic),
                own);
    }

    ClusterProcess zooKeeper(String name) {
        String file = directory.configuration().resolve("zoo.cfg").toString();
        return daemon(
                name,
                "org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer",
                NO_MEMORY_OPTIONS,
                List.of("--zkConfigFile", file, "--peerId", "1"),
                ProcessSettings.NONE);
    }

    /** Flink's own command line client; standard output and standard error go to two files. */
    ClusterProcess cli(String name, List<String> arguments, Map<String, String> environment) {
        List<String> command = command(
                name, "org.apache.flink.client.cli.CliFrontend", NO_MEMORY_OPTIONS, arguments, ProcessSettings.NONE);
        return ClusterProcess.start(
                name,
                command,
                environment(ProcessSettings.environment(environment)),
                directory.root(),
                directory.out(name),
                directory.err(name));
    }

    private ClusterProcess daemon(
            String name, String mainClass, List<String> memory, List<String> arguments, ProcessSettings own) {
        return ClusterProcess.start(
                name,
                command(name, mainClass, memory, arguments, own),
                environment(own),
                directory.root(),
                directory.out(name),
                directory.out(name));
    }

    private List<String> command(
            String name, String mainClass, List<String> memory, List<String> arguments, ProcessSettings own) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(memory);
        command.addAll(settings.processes().profile().options());
        command.addAll(OPENS);
        command.add("-Djava.io.tmpdir=" + directory.temporary());
        command.add("-Dlog.file=" + directory.log(name));
        command.add("-Dlog4j.configurationFile=" + directory.logging().toUri());
        command.addAll(own.jvmOptions());
        command.addAll(List.of("-cp", lib + "/*" + File.pathSeparator + directory.guardJar()));
        command.addAll(List.of(
                DiesWithParent.class.getName(),
                Long.toString(ProcessHandle.current().pid()),
                mainClass));
        command.addAll(arguments);
        return command;
    }

    private List<String> configured(List<String> dynamicOptions) {
        List<String> arguments =
                new ArrayList<>(List.of("--configDir", directory.configuration().toString()));
        arguments.addAll(dynamicOptions);
        return arguments;
    }

    private Map<String, String> environment(ProcessSettings own) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin"));
        environment.put("LANG", "C.UTF-8");
        environment.put("FLINK_CONF_DIR", directory.configuration().toString());
        environment.put("FLINK_LIB_DIR", lib.toString());
        environment.put("FLINK_PLUGINS_DIR", directory.plugins().toString());
        environment.putAll(own.environment());
        return environment;
    }

    private static List<String> options(String line) {
        return Stream.of(line.trim().split("\\s+")).toList();
    }
}
