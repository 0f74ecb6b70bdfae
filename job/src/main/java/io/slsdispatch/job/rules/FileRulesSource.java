package io.slsdispatch.job.rules;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * Source of rules in a file. Symbolic links are followed: Kubernetes updates a mounted ConfigMap by switching such a
 * link.
 */
final class FileRulesSource {

    /** Attributes that change when a file is written or replaced. */
    private record Stamp(long size, FileTime time, @Nullable Object key) {}

    private final Path file;

    FileRulesSource(Path file) {
        this.file = file;
    }

    /**
     * Reads the file once.
     *
     * @throws IOException when the file cannot be read, is too long or changes while it is read; the message says which
     */
    StabilityCheck.Reading reading() throws IOException {
        Stamp before = stamp();
        byte[] bytes = limited(Files.newInputStream(file));
        Stamp after = stamp();
        // A stamp that changed while the file was read equals no other stamp.
        return new StabilityCheck.Reading(bytes, before.equals(after) ? after : new Object());
    }

    private Stamp stamp() throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(file, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            throw new IOException("no such file", e);
        } catch (AccessDeniedException e) {
            throw new IOException("permission to read the file is denied", e);
        }
        if (!attributes.isRegularFile()) {
            throw new IOException("not a regular file");
        }
        return new Stamp(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
    }

    private static byte[] limited(InputStream stream) throws IOException {
        try (InputStream in = stream) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(in.readNBytes(StabilityCheck.Reading.MAX_BYTES));
            if (in.read() >= 0) {
                throw new IOException(StabilityCheck.Reading.TOO_LONG);
            }
            return bytes.toByteArray();
        }
    }
}
