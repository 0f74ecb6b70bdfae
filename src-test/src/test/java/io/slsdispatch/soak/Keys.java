package io.slsdispatch.soak;

import io.slsdispatch.local.signature.Credential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The two keys of the job, of which its file names one, and the key of the load. */
final class Keys {

    private static final Credential LOAD = new Credential("load-key", "secret-of-the-load");

    private final Path directory;
    private final List<Credential> ofTheJob =
            List.of(new Credential("job-key-1", "first-secret-of-the-job"), new Credential("job-key-2", "second-one"));
    private int current;

    private Keys(Path directory) {
        this.directory = directory;
    }

    static Keys in(Path directory) throws IOException {
        Keys keys = new Keys(directory);
        write(keys.jobFile(), keys.ofTheJob.get(0));
        write(keys.loadFile(), LOAD);
        return keys;
    }

    List<Credential> all() {
        return List.of(ofTheJob.get(0), ofTheJob.get(1), LOAD);
    }

    Path jobFile() {
        return directory.resolve("job.credentials");
    }

    Path loadFile() {
        return directory.resolve("load.credentials");
    }

    /** The id of the key that the job's file names. */
    String current() {
        return ofTheJob.get(current).accessKeyId();
    }

    /** Writes the other key into the job's file, in one step. */
    void rotate() throws IOException {
        current = 1 - current;
        write(jobFile(), ofTheJob.get(current));
    }

    private static void write(Path file, Credential key) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
        Files.writeString(
                unfinished,
                "access-key-id=" + key.accessKeyId() + "\naccess-key-secret=" + key.accessKeySecret() + "\n");
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
