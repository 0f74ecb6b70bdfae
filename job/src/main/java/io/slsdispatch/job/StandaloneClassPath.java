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
 * Lets the fat jar run by {@code java -jar} alone. It leaves out what every Flink cluster brings, the logging API among
 * it, since a second copy would get in the way there. A copy for this case lies in the jar where no class loader looks;
 * here the program is loaded once more by a class loader that does.
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
     * Runs the command where everything it needs is found; it cannot start a job there. Gives the exit code.
     *
     * @param flinkHome where a Flink is, whose classes savepoints are read with; null where none is named
     */
    static int run(String[] args, @Nullable String flinkHome) throws Exception {
        boolean readsSavepoints = DispatchCommand.readsSavepoint(args) && flinkHome != null;
        if (readsSavepoints && !Files.isDirectory(Path.of(flinkHome, LIBRARIES))) {
            return DispatchCommand.refuse(
                    args,
                    "FLINK_HOME is no Flink: there is no directory " + Path.of(flinkHome, LIBRARIES)
                            + ". Set it to the directory of a Flink.");
        }
        List<URL> classPath = new ArrayList<>();
        URL self =
                StandaloneClassPath.class.getProtectionDomain().getCodeSource().getLocation();
        classPath.add(self);
        classPath.addAll(readsSavepoints ? libraries(Path.of(flinkHome, LIBRARIES)) : List.of(hidden(self)));
        // Lasts as long as the process: threads of the client may still be ending, and load classes, after the command.
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
