package io.slsdispatch.job.config;

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
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * Where rules stand by themselves: in a file, or at an http or https address.
 *
 * @param text an absolute path, or the address
 */
public record RulesLocation(String text) implements Serializable {

    /** Far above what people write. */
    private static final int MAX_BYTES = 1 << 20;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
    private static final int OK = 200;

    static RulesLocation parse(String text) {
        if (isAddress(text)) {
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

    /**
     * What stands there now.
     *
     * @throws IOException when it cannot be had, is too long or is not UTF-8; the message says so in words
     */
    String content() throws IOException, InterruptedException {
        byte[] bytes = isAddress(text) ? fetched() : limited(file());
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
                throw new IOException("it is longer than " + MAX_BYTES + " bytes");
            }
            return bytes.toByteArray();
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
