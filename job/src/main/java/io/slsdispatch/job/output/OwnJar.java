package io.slsdispatch.job.output;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The jar of this program, for commands that the program prints, so that they can be copied and run. */
public final class OwnJar {

    private static final String USUAL_NAME = "sls-dispatch.jar";

    /** What a shell takes as it is. */
    private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");

    /** Flink's REST interface stores an uploaded jar in a folder that is gone with the JobManager. */
    private static final String UPLOADS = "flink-web-upload";

    private OwnJar() {}

    /**
     * The path of the jar, relative to the working directory if it is below it, and quoted for a shell. Where the
     * program does not run from a jar, or from one that was uploaded to Flink, this is its usual name.
     */
    public static String inCommands() {
        CodeSource source = OwnJar.class.getProtectionDomain().getCodeSource();
        return inCommands(source == null ? null : source.getLocation(), Path.of(""));
    }

    static String inCommands(@Nullable URL location, Path workingDirectory) {
        Path jar = path(location);
        if (jar == null || !jar.toString().endsWith(".jar") || !Files.isRegularFile(jar) || isUploaded(jar)) {
            return USUAL_NAME;
        }
        Path here = workingDirectory.toAbsolutePath().normalize();
        String shown = (jar.startsWith(here) ? here.relativize(jar) : jar).toString();
        return PLAIN.matcher(shown).matches() ? shown : "'" + shown.replace("'", "'\\''") + "'";
    }

    private static boolean isUploaded(Path jar) {
        return jar.getParent() != null && jar.getParent().endsWith(UPLOADS);
    }

    private static @Nullable Path path(@Nullable URL location) {
        try {
            return location == null || !location.getProtocol().equals("file")
                    ? null
                    : Path.of(location.toURI()).toAbsolutePath().normalize();
        } catch (URISyntaxException | IllegalArgumentException e) {
            return null;
        }
    }
}
