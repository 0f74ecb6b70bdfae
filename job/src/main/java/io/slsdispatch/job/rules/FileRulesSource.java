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

/** Reads rules from a file. Links are followed: a mounted ConfigMap is a link that is switched over. */
final class FileRulesSource {

    /** What moves when a file is written or another one is put in its place. */
    private record Stamp(long size, FileTime time, @Nullable Object key) {}

    private final Path file;

    FileRulesSource(Path file) {
        this.file = file;
    }

    /**
     * What is in the file now.
     *
     * @throws IOException when it cannot be had, is too long or changes meanwhile; the message says so in words
     */
    StabilityCheck.Reading reading() throws IOException {
        Stamp before = stamp();
        byte[] bytes = limited(Files.newInputStream(file));
        Stamp after = stamp();
        // One that moved while it was read is equal to no other.
        return new StabilityCheck.Reading(bytes, before.equals(after) ? after : new Object());
    }

    private Stamp stamp() throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(file, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no such file", e);
        } catch (AccessDeniedException e) {
            throw new IOException("whoever runs this may not read it", e);
        }
        if (!attributes.isRegularFile()) {
            throw new IOException("it is no regular file");
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
