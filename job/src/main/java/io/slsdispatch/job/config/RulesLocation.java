package io.slsdispatch.job.config;

import io.slsdispatch.job.rules.RulesLogstore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Where rules stand by themselves: in a file, at an http or https address, or in a logstore.
 *
 * @param text an absolute path, the address, or the logstore as {@link RulesLogstore} has it
 */
public record RulesLocation(String text) implements Serializable {

    /** Far above what people write. */
    private static final int MAX_BYTES = 1 << 20;

    private static final String TOO_LONG = "it is longer than " + MAX_BYTES + " bytes";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
    private static final int OK = 200;

    static RulesLocation parse(String text) {
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

    /**
     * What stands in the file or at the address now.
     *
     * @throws IOException when it cannot be had or is too long; the message says so in words
     */
    byte[] bytes() throws IOException, InterruptedException {
        return isAddress(text) ? fetched() : limited(file());
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

    private InputStream file() throws IOException {
        try {
            return Files.newInputStream(Path.of(text));
        } catch (NoSuchFileException e) {
            throw new IOException("there is no such file", e);
        } catch (AccessDeniedException e) {
            throw new IOException("whoever runs this may not read it", e);
        }
    }

    private byte[] fetched() throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(text))
                .timeout(REQUEST_TIMEOUT)
                .GET()
                .build();
        HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        byte[] body = limited(answer.body());
        if (answer.statusCode() != OK) {
            throw new IOException("the answer is HTTP status " + answer.statusCode());
        }
        return body;
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
