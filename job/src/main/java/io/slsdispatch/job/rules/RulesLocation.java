package io.slsdispatch.job.rules;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where rules stand by themselves: in a file, at an http or https address, or in a logstore.
 *
 * @param text an absolute path, the address, or the logstore as {@link RulesLogstore} has it
 */
public record RulesLocation(String text) implements Serializable {

    /** Far above what people write. */
    static final int MAX_BYTES = 1 << 20;

    static final String TOO_LONG = "it is longer than " + MAX_BYTES + " bytes";

    public static RulesLocation parse(String text) {
        if (isLogstore(text)) {
            RulesLogstore.parse(text);
        } else if (isAddress(text)) {
            URI address;
            try {
                address = new URI(text);
            } catch (URISyntaxException e) {
                throw new IllegalArgumentException("this is no address", e);
            }
            if (address.getHost() == null) {
                throw new IllegalArgumentException("the address has no host");
            }
            if (address.getUserInfo() != null) {
                throw new IllegalArgumentException("an address with a password would show it to whoever sees the job");
            }
        } else if (!Path.of(text).isAbsolute()) {
            throw new IllegalArgumentException("the path is not absolute; the JobManager would look elsewhere");
        }
        return new RulesLocation(text);
    }

    private static boolean isAddress(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.startsWith("http://") || lower.startsWith("https://");
    }

    private static boolean isLogstore(String text) {
        return text.toLowerCase(Locale.ROOT).startsWith(RulesLogstore.SCHEME);
    }

    /** The logstore; empty when it is a file or an address. */
    public Optional<RulesLogstore> logstore() {
        return isLogstore(text) ? Optional.of(RulesLogstore.parse(text)) : Optional.empty();
    }

    /** The http or https address; empty when it is a file or a logstore. */
    Optional<URI> address() {
        return isAddress(text) ? Optional.of(URI.create(text)) : Optional.empty();
    }

    /**
     * What is in the file now. Links are followed: a mounted ConfigMap is a link that is switched over.
     *
     * @throws IOException when it cannot be had, is too long or changes meanwhile; the message says so in words
     */
    SettledText.Reading readingOfFile() throws IOException {
        Stamp before = stamp();
        byte[] bytes = limited(Files.newInputStream(Path.of(text)));
        Stamp after = stamp();
        // One that moved while it was read is equal to no other.
        return new SettledText.Reading(bytes, before.equals(after) ? after : new Object());
    }

    /** What moves when a file is written or another one is put in its place. */
    private record Stamp(long size, FileTime time, @Nullable Object key) {}

    private Stamp stamp() throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(Path.of(text), BasicFileAttributes.class);
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

    /**
     * What was read, as text.
     *
     * @throws IOException when it is too long or is not UTF-8
     */
    static String text(byte[] bytes) throws IOException {
        if (bytes.length > MAX_BYTES) {
            throw new IOException(TOO_LONG);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException("it is not UTF-8", e);
        }
    }

    private static byte[] limited(InputStream stream) throws IOException {
        try (InputStream in = stream) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(in.readNBytes(MAX_BYTES));
            if (in.read() >= 0) {
                throw new IOException(TOO_LONG);
            }
            return bytes.toByteArray();
        }
    }

    /** An address without its query, which may hold a key. */
    @Override
    public String toString() {
        int query = isAddress(text) ? text.indexOf('?') : -1;
        return query < 0 ? text : text.substring(0, query);
    }
}
