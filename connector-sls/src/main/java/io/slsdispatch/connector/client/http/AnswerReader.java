package io.slsdispatch.connector.client.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one answer by HTTP/1.1, with limits for its head and its body. Messages never repeat a part of it. */
final class AnswerReader {

    private static final int MAX_HEAD = 64 * 1024;
    private static final int HEX = 16;

    private final InputStream in;
    private final int maxBody;
    private final Map<String, String> headers = new HashMap<>();
    private int headBytes;
    private long length = -1;
    private boolean chunked;
    private @Nullable Instant date;

    /**
     * @param maxBody maximum length of a body in bytes; 0 to read only heads
     */
    AnswerReader(InputStream in, int maxBody) {
        this.in = in;
        this.maxBody = maxBody;
    }

    /** Reads a whole answer, after any informational ones. */
    HttpAnswer answer() throws IOException {
        int status = head();
        while (status >= 100 && status < 200) {
            status = head();
        }
        byte[] body = maxBody == 0 ? new byte[0] : body();
        return new HttpAnswer(status, Map.copyOf(headers), body, chunked || length >= 0, Optional.ofNullable(date));
    }

    private byte[] body() throws IOException {
        if (chunked) {
            return chunks();
        }
        if (length > maxBody) {
            throw tooLong();
        }
        return length >= 0 ? exactly((int) length) : toTheEnd();
    }

    /** Reads a head, and nothing after it. Returns its status. */
    int head() throws IOException {
        length = -1;
        chunked = false;
        headers.clear();
        String[] words = line().split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[0-9]{3}")) {
            throw new IOException("the response is not HTTP/1.1");
        }
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                header(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        return Integer.parseInt(words[1]);
    }

    private void header(String name, String value) throws IOException {
        headers.put(name, value);
        if (name.equals("transfer-encoding")) {
            chunked = value.toLowerCase(Locale.ROOT).endsWith("chunked");
        } else if (name.equals("content-length")) {
            if (!value.matches("[0-9]{1,18}") || (length >= 0 && length != Long.parseLong(value))) {
                throw new IOException("the response has an unreadable content-length");
            }
            length = Long.parseLong(value);
        } else if (name.equals("date")) {
            date = date(value);
        }
    }

    private static @Nullable Instant date(String value) {
        try {
            return ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeParseException notATime) {
            return null;
        }
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String size = line().split(";", 2)[0].strip();
            if (!size.matches("[0-9a-fA-F]{1,7}")) {
                throw new IOException("the response has an unreadable chunk");
            }
            int bytes = Integer.parseInt(size, HEX);
            if (bytes == 0) {
                return body.toByteArray();
            }
            if (body.size() + bytes > maxBody) {
                throw tooLong();
            }
            body.writeBytes(exactly(bytes));
            if (!line().isEmpty()) {
                throw new IOException("the response has an unreadable chunk");
            }
            // The body limits the number of lines between its chunks.
            headBytes = 0;
        }
    }

    private byte[] exactly(int bytes) throws IOException {
        byte[] body = in.readNBytes(bytes);
        if (body.length < bytes) {
            throw new EOFException("the response ends after " + body.length + " of " + bytes + " bytes");
        }
        return body;
    }

    private byte[] toTheEnd() throws IOException {
        byte[] body = in.readNBytes(maxBody + 1);
        if (body.length > maxBody) {
            throw tooLong();
        }
        return body;
    }

    private IOException tooLong() {
        return new IOException("the response is longer than " + maxBody + " bytes");
    }

    /** A line of the head or between chunks, without its line end. */
    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the response ends before it is complete");
            }
            if (++headBytes > MAX_HEAD) {
                throw new IOException("the head of the response is longer than " + MAX_HEAD + " bytes");
            }
            line.write(next);
        }
        headBytes++;
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
