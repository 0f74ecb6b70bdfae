package io.slsdispatch.job;

import io.slsdispatch.job.cli.DispatchCommand;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Class path that lets the fat jar run with {@code java -jar} alone. The fat jar does not contain the classes that
 * every Flink cluster provides, such as the logging API, because a second copy would conflict there. For a run without
 * Flink the jar holds a copy of them in a directory that no class loader searches; this class loads the program again
 * with a class loader that searches it.
 */
final class StandaloneClassPath {

    private static final String LOGGING_API = "org.slf4j.LoggerFactory";
    private static final String MAIN = "io.slsdispatch.job.Main";
    private static final String LIBRARIES = "lib";
    private static final String HIDDEN = "META-INF/standalone/";

    private StandaloneClassPath() {}

    /** Whether the logging API is missing. */
    static boolean isNeeded() {
        try {
            Class.forName(LOGGING_API);
            return false;
        } catch (ClassNotFoundException e) {
            return true;
        }
    }

    /**
     * Runs the command with a class loader that finds every class it needs, and returns the exit code. The command
     * cannot start a job this way.
     *
     * @param flinkHome directory of a Flink installation whose classes read savepoints; null when none is named
     */
    static int run(String[] args, @Nullable String flinkHome) throws Exception {
        boolean readsSavepoints = DispatchCommand.readsSavepoint(args) && flinkHome != null;
        if (readsSavepoints && !Files.isDirectory(Path.of(flinkHome, LIBRARIES))) {
            return DispatchCommand.refuse(
                    args,
                    "FLINK_HOME is not a Flink installation: it has no directory " + Path.of(flinkHome, LIBRARIES)
                            + ". Set it to the directory of a Flink installation.");
        }
        List<URL> classPath = new ArrayList<>();
        URL self =
                StandaloneClassPath.class.getProtectionDomain().getCodeSource().getLocation();
        classPath.add(self);
        classPath.addAll(readsSavepoints ? libraries(Path.of(flinkHome, LIBRARIES)) : List.of(hidden(self)));
        // Never closed: threads of the client may still end, and load classes, after the command returns.
        ClassLoader loader = new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        try {
            return (int) loader.loadClass(MAIN)
                    .getMethod("fromTerminal", String[].class)
                    .invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static URL hidden(URL self) throws MalformedURLException {
        return self.getPath().endsWith("/")
                ? new URL(self, HIDDEN)
                : URI.create("jar:" + self + "!/" + HIDDEN).toURL();
    }

    private static List<URL> libraries(Path folder) throws IOException {
        List<URL> jars = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path jar : files) {
                jars.add(jar.toUri().toURL());
            }
        }
        return jars;
    }
}
