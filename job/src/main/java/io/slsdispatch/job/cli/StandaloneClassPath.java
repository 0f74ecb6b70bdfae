package io.slsdispatch.job.cli;

import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;

/**
 * Lets the fat jar run by {@code java -jar} alone. It leaves out what every Flink cluster brings, the logging API among
 * it, since a second copy would get in the way there. A copy for this case lies in the jar where no class loader looks;
 * here the program is loaded once more by a class loader that does.
 */
public final class StandaloneClassPath {

    private static final String LOGGING_API = "org.slf4j.LoggerFactory";
    private static final String HIDDEN = "META-INF/standalone/";

    private StandaloneClassPath() {}

    /** Whether the logging API is missing. */
    public static boolean isNeeded() {
        try {
            Class.forName(LOGGING_API);
            return false;
        } catch (ClassNotFoundException e) {
            return true;
        }
    }

    /** Runs the command where everything it needs is found; it cannot start a job there. Gives the exit code. */
    public static int run(String[] args) throws Exception {
        URL self =
                StandaloneClassPath.class.getProtectionDomain().getCodeSource().getLocation();
        URL hidden = self.getPath().endsWith("/")
                ? new URL(self, HIDDEN)
                : URI.create("jar:" + self + "!/" + HIDDEN).toURL();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {self, hidden}, ClassLoader.getPlatformClassLoader())) {
            Thread.currentThread().setContextClassLoader(loader);
            return (int) loader.loadClass(DispatchCommand.class.getName())
                    .getMethod("runWithoutFlink", String[].class)
                    .invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }
}
