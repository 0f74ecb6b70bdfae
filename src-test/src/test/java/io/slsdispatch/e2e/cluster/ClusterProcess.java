package io.slsdispatch.e2e.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One process of the cluster, a child of the test's process. Signals reach this child only, never a stranger's id. */
final class ClusterProcess {

    private static final Duration DEATH_LIMIT = Duration.ofSeconds(30);

    private static final Duration DUMP_LIMIT = Duration.ofSeconds(10);

    private final String name;
    private final Process process;
    private volatile boolean killed;

    private ClusterProcess(String name, Process process) {
        this.name = name;
        this.process = process;
    }

    /**
     * Starts a process that sees no other environment than the given one.
     *
     * @param directory where it runs
     * @param out receives what it writes to its standard output
     * @param err receives its standard error; may be the same file
     */
    static ClusterProcess start(
            String name, List<String> command, Map<String, String> environment, Path directory, Path out, Path err) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(out.toFile());
        if (out.equals(err)) {
            builder.redirectErrorStream(true);
        } else {
            builder.redirectError(err.toFile());
        }
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return new ClusterProcess(name, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + name, e);
        }
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /**
     * The memory that it has, as Linux counts it.
     *
     * @param peak whether the most that it has ever had is asked for
     * @return bytes in physical memory
     */
    long residentBytes(boolean peak) {
        String field = peak ? "VmHWM:" : "VmRSS:";
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            String line =
                    lines.filter(each -> each.startsWith(field)).findFirst().orElseThrow();
            return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot tell the memory of " + name, e);
        }
    }

    /** Whether it has ended, and not by {@link #kill()}. */
    boolean diedByItself() {
        return !isAlive() && !killed;
    }

    /** Waits for the end of the process; kills it and fails when the limit has passed. */
    int awaitExit(Duration limit) {
        if (!ended(limit)) {
            kill();
            throw new IllegalStateException(name + " did not end within " + limit + " and was killed");
        }
        return process.exitValue();
    }

    /** SIGKILL: no shutdown hook runs, no socket is closed by the process. Returns when the process is gone. */
    void kill() {
        killed = true;
        process.destroyForcibly();
        if (!ended(DEATH_LIMIT)) {
            throw new IllegalStateException(name + " is still there " + DEATH_LIMIT + " after SIGKILL");
        }
    }

    /** SIGKILL to it and to the processes that it has started, which its own shutdown hooks would have ended. */
    void killWithChildren() {
        List<ProcessHandle> children = process.descendants().toList();
        kill();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    /** SIGSTOP: the process keeps its sockets and answers nothing until {@link #resume()}. */
    void pause() {
        signal("STOP");
    }

    /** SIGCONT. */
    void resume() {
        signal("CONT");
    }

    private void signal(String signal) {
        if (!isAlive()) {
            throw new IllegalStateException("Cannot send SIG" + signal + " to " + name + ": it is not running");
        }
        try {
            Process kill = new ProcessBuilder("sh", "-c", "kill -s " + signal + " " + process.pid()).start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("SIG" + signal + " did not reach " + name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot send SIG" + signal + " to " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while sending SIG" + signal + " to " + name, e);
        }
    }

    /** Writes the stacks of its threads; at most a reason why there are none, when it does not answer. */
    void dumpThreads(Path to) {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "jstack").toString(), Long.toString(pid()));
        try {
            Process dump = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(to.toFile())
                    .start();
            if (!dump.waitFor(DUMP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                dump.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot dump the threads of " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean ended(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for the end of " + name, e);
        }
    }
}
