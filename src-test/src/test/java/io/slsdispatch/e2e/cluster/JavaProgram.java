package io.slsdispatch.e2e.cluster;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A Java program in a process of its own beside a cluster, such as the service that its jobs talk to. It ends with
 * {@link #close()}, and at the latest with the process that started it, however that ends.
 */
public final class JavaProgram implements AutoCloseable {

    private final ClusterProcess process;

    private JavaProgram(ClusterProcess process) {
        this.process = process;
    }

    /**
     * @param name of its files in the directory, and in messages
     * @param directory where it runs and writes {@code NAME.out}
     * @param jvmOptions such as {@code -Xmx1g}
     * @param classPath its jars
     * @param command the main class, then its arguments
     */
    public static JavaProgram start(
            String name, Path directory, List<String> jvmOptions, List<Path> classPath, List<String> command) {
        Path guard = JarOfClasses.write(directory.resolve(name + "-guard.jar"), DiesWithParent.class);
        List<Path> jars = new ArrayList<>(classPath);
        jars.add(guard);
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(jvmOptions);
        line.addAll(List.of(
                "-cp",
                jars.stream()
                        .map(jar -> jar.toAbsolutePath().toString())
                        .collect(Collectors.joining(File.pathSeparator)),
                DiesWithParent.class.getName(),
                Long.toString(ProcessHandle.current().pid())));
        line.addAll(command);
        Path out = directory.resolve(name + ".out");
        return new JavaProgram(ClusterProcess.start(name, line, Map.of("LANG", "C.UTF-8"), directory, out, out));
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** SIGSTOP: keeps its connections and answers nothing. */
    public void pause() {
        process.pause();
    }

    /** SIGCONT. */
    public void resume() {
        process.resume();
    }

    /** SIGKILL to it and to what it has started. Calling it again does nothing. */
    @Override
    public void close() {
        process.killWithChildren();
    }
}
