package io.slsdispatch.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;

/**
 * A standalone Flink session cluster: one JobManager, TaskManagers, and a ZooKeeper if high availability is asked for,
 * each a process of its own on 127.0.0.1. Its processes end with {@link #close()}, and at the latest with the test's
 * process, however that ends. Configuration, logs, checkpoints and savepoints stay in a directory under
 * {@code target/clusters}.
 *
 * <p>TaskManagers are counted from 1 in the order of their start; a number is never given twice. One thread at a time.
 */
public final class FlinkCluster implements AutoCloseable {

    private final ClusterDirectory directory;
    private final ClusterSettings settings;
    private final Launcher launcher;
    private final FlinkCli cli;
    private final RestClient rest;
    private final URI restAddress;
    private final Configuration flink;
    // Also read by the threads that wait, and at the exit of the test.
    private final List<ClusterProcess> jobManagers = new CopyOnWriteArrayList<>();
    private final TaskManagers taskManagers;
    private final List<ClusterProcess> zooKeepers = new CopyOnWriteArrayList<>();
    private final AtomicInteger dumps = new AtomicInteger();
    private final Thread closeAtExit = new Thread(this::killAll, "kill the cluster");

    private FlinkCluster(ClusterDirectory directory, ClusterSettings settings) {
        ClusterConfiguration configuration = new ClusterConfiguration(directory, settings);
        configuration.writeFiles();
        this.directory = directory;
        this.settings = settings;
        this.flink = configuration.flink();
        this.launcher = new Launcher(directory, settings, flink);
        this.taskManagers = new TaskManagers(launcher, settings.processes().taskManagers());
        this.cli = new FlinkCli(launcher, directory, settings.patience());
        this.restAddress = configuration.restAddress();
        this.rest = new RestClient(restAddress);
    }

    /** @param name the first part of the name of the cluster's directory, such as the test's name */
    public static FlinkClusterBuilder builder(String name) {
        return new FlinkClusterBuilder(name);
    }

    static FlinkCluster start(ClusterSettings settings) {
        ClusterDirectory directory = ClusterDirectory.create(settings.name());
        FlinkCluster cluster = new FlinkCluster(directory, settings);
        Runtime.getRuntime().addShutdownHook(cluster.closeAtExit);
        try {
            cluster.startAll();
            LogsOnFailure.watch(cluster);
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.close();
            LogsOnFailure.print(directory);
            throw e;
        }
    }

    private void startAll() {
        if (settings.shape().highAvailability()) {
            zooKeepers.add(launcher.zooKeeper("zookeeper"));
        }
        startJobManager();
        for (int i = 0; i < settings.shape().taskManagers(); i++) {
            startTaskManager();
        }
        awaitSlots(settings.shape().taskManagers() * settings.shape().slots());
    }

    /** The options that all processes are started with; a copy. */
    public Configuration configuration() {
        return new Configuration(flink);
    }

    /** Where the web UI and the REST interface are. */
    public URI restAddress() {
        return restAddress;
    }

    /** Where the logs of all processes are. */
    public Path logs() {
        return directory.logs();
    }

    /** The lines of all logs so far that hold a text. */
    public List<String> logLinesWith(String text) {
        return directory.logLinesWith(text);
    }

    /** Where everything of the cluster is: configuration, logs, checkpoints, savepoints, data of high availability. */
    public Path directory() {
        return directory.root();
    }

    Duration patience() {
        return settings.patience();
    }

    /** Submits a job with Flink's own command line client, detached. */
    public ClusterJob submit(Submission submission) {
        return job(submission, cli.submit(submission));
    }

    /**
     * Submits a job over REST: its {@code main} runs in the JobManager and sees the JobManager's environment.
     *
     * @throws IllegalArgumentException if the submission sets environment variables
     */
    public ClusterJob submitOverRest(Submission submission) {
        if (!submission.environment().isEmpty()) {
            throw new IllegalArgumentException("A job submitted over REST runs its main in the JobManager. Give these"
                    + " variables to the JobManager: "
                    + submission.environment().keySet());
        }
        Submission.Program program = submission.program();
        String jar = rest.upload("/jars/upload", "jarfile", program.jar())
                .path("filename")
                .asText();
        Map<String, Object> body = new HashMap<>();
        program.mainClass().ifPresent(name -> body.put("entryClass", name));
        body.put("programArgsList", program.arguments());
        body.put("parallelism", submission.parallelism());
        submission.start().savepoint().ifPresent(path -> body.put("savepointPath", path));
        body.put("allowNonRestoredState", submission.start().allowNonRestoredState());
        body.put("flinkConfiguration", submission.options());
        JsonNode answer = rest.post("/jars/" + Path.of(jar).getFileName() + "/run", body);
        return job(submission, answer.path("jobid").asText());
    }

    /** Runs any command of Flink's command line client, whatever its exit code is. */
    public CliResult cli(Map<String, String> environment, String... arguments) {
        return cli.run(List.of(arguments), environment);
    }

    private ClusterJob job(Submission submission, String id) {
        return new ClusterJob(this, rest, submission, id);
    }

    /** Waits until the JobManager counts exactly so many slots, free or not. */
    public void awaitSlots(int slots) {
        Waiting.waitFor(
                slots + " slots",
                patience(),
                () -> {
                    failIfStartFailed();
                    return rest.get("/overview").path("slots-total").asInt();
                },
                seen -> seen == slots);
    }

    /** A process that ends by itself, not by a test's hand, will never give its slots. */
    private void failIfStartFailed() {
        processes().filter(ClusterProcess::diedByItself).findFirst().ifPresent(dead -> {
            throw new IllegalStateException(dead.name() + " has ended by itself; see " + directory.log(dead.name())
                    + "\n" + directory.logTails(30));
        });
    }

    /** Starts one more TaskManager with the settings of all. */
    public int startTaskManager() {
        return startTaskManager(ProcessSettings.NONE);
    }

    /**
     * Starts one more TaskManager and does not wait until it is registered.
     *
     * @param settingsOfThisOne put over the settings of all
     * @return its number
     */
    public int startTaskManager(ProcessSettings settingsOfThisOne) {
        return taskManagers.start(settingsOfThisOne);
    }

    /** Id of a TaskManager's process. */
    public long taskManagerPid(int number) {
        return taskManagers.get(number).pid();
    }

    /** Id of the JobManager's process. */
    public long jobManagerPid() {
        return jobManager().pid();
    }

    /** SIGKILL. Returns when the process is gone; the JobManager does not know it yet. */
    public void killTaskManager(int number) {
        taskManagers.get(number).kill();
    }

    /** SIGSTOP: keeps its connections and answers nothing. */
    public void pauseTaskManager(int number) {
        taskManagers.get(number).pause();
    }

    /** SIGCONT. */
    public void resumeTaskManager(int number) {
        taskManagers.get(number).resume();
    }

    /** Bytes of physical memory that its process has now. */
    public long memoryOfTaskManager(int number) {
        return taskManagers.get(number).residentBytes(false);
    }

    /** The most bytes of physical memory that its process has ever had. */
    public long peakMemoryOfTaskManager(int number) {
        return taskManagers.get(number).residentBytes(true);
    }

    /**
     * Writes the stacks of the threads of every living process beside the logs, to {@code NAME.threads-N}. One that does
     * not answer, such as a paused one, is left out after some seconds.
     */
    void dumpThreads() {
        int number = dumps.incrementAndGet();
        processes()
                .filter(ClusterProcess::isAlive)
                .forEach(process -> process.dumpThreads(directory.threads(process.name(), number)));
    }

    /** Writes the stacks of all threads, and gives the last lines of the logs. */
    String evidence(int lines) {
        dumpThreads();
        return directory.logTails(lines);
    }

    /** Numbers of the TaskManagers whose processes live, paused ones too. */
    public Set<Integer> livingTaskManagers() {
        return taskManagers.living();
    }

    /** SIGKILL. Without high availability, its jobs are gone with it. */
    public void killJobManager() {
        jobManager().kill();
    }

    /** SIGSTOP. */
    public void pauseJobManager() {
        jobManager().pause();
    }

    /** SIGCONT. */
    public void resumeJobManager() {
        jobManager().resume();
    }

    /**
     * Starts a JobManager after {@link #killJobManager()}, at the same addresses, and does not wait for it.
     *
     * @throws IllegalStateException if one lives
     */
    public void startJobManager() {
        if (!jobManagers.isEmpty() && jobManager().isAlive()) {
            throw new IllegalStateException(jobManager().name() + " lives; two cannot share its addresses");
        }
        String name = "jobmanager-" + (jobManagers.size() + 1);
        jobManagers.add(launcher.jobManager(name, settings.processes().jobManager()));
    }

    /** Whether the JobManager has ended by itself, not by {@link #killJobManager()}. */
    public boolean isJobManagerDeadByItself() {
        return jobManager().diedByItself();
    }

    private ClusterProcess jobManager() {
        return jobManagers.get(jobManagers.size() - 1);
    }

    private Stream<ClusterProcess> processes() {
        return Stream.of(jobManagers.stream(), taskManagers.all(), zooKeepers.stream())
                .flatMap(each -> each);
    }

    private void killAll() {
        processes().forEach(ClusterProcess::kill);
    }

    /** Kills all processes. Calling it again does nothing. */
    @Override
    public void close() {
        killAll();
        Runtime.getRuntime().removeShutdownHook(closeAtExit);
        directory.deleteTemporaryFiles();
    }
}
