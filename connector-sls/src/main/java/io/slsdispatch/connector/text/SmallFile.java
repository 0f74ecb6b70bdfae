package io.slsdispatch.connector.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.flink.annotation.Internal;

/**
 * Reads files that an operator writes: at most a given size, and only regular files. A pipe would block until somebody
 * writes to it, and a device such as {@code /dev/zero} has no end. Symbolic links are followed.
 */
@Internal
public final class SmallFile {

    private SmallFile() {}

    /**
     * Reads a file.
     *
     * @param most its size in bytes
     * @throws NoSuchFileException when there is none
     * @throws IOException when it cannot be read, is not a regular file, or is larger; the message says which, and does
     *     not repeat the path
     */
    public static byte[] bytes(Path file, int most) throws IOException {
        try {
            if (Files.isDirectory(file)) {
                throw new IOException("it is not a regular file but a directory");
            }
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new IOException(
                        "it is not a regular file but a pipe, socket or device; copy its content to a file");
            }
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(most);
                if (in.read() >= 0) {
                    throw new IOException("it is larger than " + most + " bytes");
                }
                return bytes;
            }
        } catch (AccessDeniedException e) {
            throw new IOException("permission to read it is denied", e);
        }
    }

    /**
     * Reads a file in UTF-8.
     *
     * @param most its size in bytes
     * @throws CharacterCodingException when it is not UTF-8
     * @throws IOException as {@link #bytes}
     */
    public static String text(Path file, int most) throws IOException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes(file, most)))
                .toString();
    }
}
