package io.slsdispatch.local.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.slsdispatch.local.wire.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The reply to one request: a status and headers with a body in memory, or a stream of lines, or no response at all,
 * when the connection is reset or stays silent. Used once.
 */
public final class Reply {

    // Lone surrogates, which represent bytes of a topic that are not UTF-8, can only be written escaped.
    private static final ObjectWriter JSON = JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build()
            .writer();

    private final int status;
    private final String contentType;
    private final ByteBuf body;
    private final @Nullable Iterator<String> lines;
    private final Silence silence;
    private final List<Map.Entry<String, String>> headers = new ArrayList<>(8);
    private final Map<String, Optional<String>> overrides = new LinkedHashMap<>();
    private OptionalInt shard = OptionalInt.empty();
    private int bytesSent;
    private int contentLength;
    private long bytesPerSecond = Long.MAX_VALUE;
    private long headBytesPerSecond = Long.MAX_VALUE;
    private String more = "";

    private Reply(int status, String contentType, ByteBuf body, @Nullable Iterator<String> lines, Silence silence) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
        this.lines = lines;
        this.silence = silence;
        this.bytesSent = body.readableBytes();
        this.contentLength = bytesSent;
    }

    /** The replacement for a regular response. */
    enum Silence {
        /** A regular response is sent. */
        NONE,
        /** The connection is reset. */
        RESET,
        /** The connection stays open until the client closes it. */
        HANG,
        /** The body is sent as it is, and its last part is repeated until the client closes the connection. */
        ENDLESS
    }

    /**
     * Success without a body, the response to every write. It has no content type: the Node package
     * {@code @alicloud/log} parses every body that is announced as JSON and fails on an empty one.
     */
    public static Reply ok() {
        return bytes("", Unpooled.EMPTY_BUFFER);
    }

    /** Success with a body. Ownership of the buffer passes to the reply. An empty content type is not sent. */
    public static Reply bytes(String contentType, ByteBuf body) {
        return bytes(200, contentType, body);
    }

    /** A response of any status with a body. Ownership of the buffer passes to the reply. */
    public static Reply bytes(int status, String contentType, ByteBuf body) {
        return new Reply(status, contentType, body, null, Silence.NONE);
    }

    /** Success with a value as JSON. */
    public static Reply json(Object value) {
        return json(200, value);
    }

    /** An error as the service writes it. */
    public static Reply refused(Refusal refusal) {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("errorCode", refusal.code());
        body.put("errorMessage", refusal.reason());
        return json(refusal.status(), body);
    }

    /** Success with lines of text that are generated while they are sent. */
    public static Reply lines(Iterator<String> lines) {
        return new Reply(200, "application/x-ndjson", Unpooled.EMPTY_BUFFER, lines, Silence.NONE);
    }

    /** No response: the connection is reset. */
    public static Reply cut() {
        return new Reply(0, "", Unpooled.EMPTY_BUFFER, null, Silence.RESET);
    }

    /** No response: the connection stays open and silent. */
    public static Reply hang() {
        return new Reply(0, "", Unpooled.EMPTY_BUFFER, null, Silence.HANG);
    }

    /**
     * Not a complete HTTP response: sends a text as it is, then repeats another text until the client closes the
     * connection.
     *
     * @param begin the text that is sent once, in ASCII
     * @param more the text that is then repeated without end
     */
    public static Reply endless(String begin, String more) {
        Reply reply = new Reply(0, "", Unpooled.copiedBuffer(begin, StandardCharsets.US_ASCII), null, Silence.ENDLESS);
        reply.more = more;
        return reply;
    }

    private static Reply json(int status, Object value) {
        return new Reply(
                status,
                "application/json",
                Unpooled.wrappedBuffer(toJson(value).getBytes(StandardCharsets.US_ASCII)),
                null,
                Silence.NONE);
    }

    /** A value as JSON in ASCII. */
    public static String toJson(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException cannotHappen) {
            throw new IllegalStateException("Cannot write as JSON: " + value.getClass(), cannotHappen);
        }
    }

    /** Adds a header; the name is in lower case, as the service sends it and the Python SDK needs it. */
    public Reply with(String name, String value) {
        headers.add(Map.entry(name, value));
        return this;
    }

    /** The value of a header that was added, or null. */
    public @Nullable String header(String name) {
        for (Map.Entry<String, String> header : headers) {
            if (header.getKey().equals(name)) {
                return header.getValue();
            }
        }
        return null;
    }

    /** Removes a header. */
    public Reply without(String name) {
        headers.removeIf(header -> header.getKey().equals(name));
        return this;
    }

    /**
     * Overrides a header when the response is written, including headers that the server adds itself, such as
     * {@code date}.
     *
     * @param value null removes the header
     */
    public Reply overridden(String name, @Nullable String value) {
        without(name);
        overrides.put(name, Optional.ofNullable(value));
        return this;
    }

    /** Inverts every bit of the body. */
    public Reply inverted() {
        ByteBuf copy = Unpooled.buffer(body.readableBytes());
        body.forEachByte(value -> {
            copy.writeByte(~value);
            return true;
        });
        Reply reply = new Reply(status, contentType, copy, lines, silence);
        headers.forEach(header -> reply.with(header.getKey(), header.getValue()));
        reply.overrides.putAll(overrides);
        reply.shard = shard;
        reply.bytesPerSecond = bytesPerSecond;
        reply.headBytesPerSecond = headBytesPerSecond;
        reply.more = more;
        discard();
        return reply;
    }

    /**
     * Sends only the first bytes of the body.
     *
     * @param lengthMatches whether {@code Content-Length} is the size that is sent; if not, the connection is closed
     *     early
     */
    public Reply truncated(int bytes, boolean lengthMatches) {
        bytesSent = Math.min(bytes, bytesSent);
        contentLength = lengthMatches ? bytesSent : contentLength;
        return this;
    }

    /** Sends the body no faster than this. */
    public Reply slowed(long most) {
        bytesPerSecond = Math.min(bytesPerSecond, most);
        return this;
    }

    /** Sends the head no faster than this, and closes the connection after the body. */
    public Reply slowedHead(long most) {
        headBytesPerSecond = Math.min(headBytesPerSecond, most);
        return this;
    }

    /** Size of the body. */
    public int size() {
        return body.readableBytes();
    }

    /** Records the shard that the call used, which is in no header. */
    public Reply ofShard(int id) {
        shard = OptionalInt.of(id);
        return this;
    }

    /** The shard that the call used. */
    public OptionalInt shard() {
        return shard;
    }

    public int status() {
        return status;
    }

    String contentType() {
        return contentType;
    }

    ByteBuf body() {
        return body;
    }

    @Nullable
    Iterator<String> lines() {
        return lines;
    }

    /** Whether the connection cannot be used after this reply. */
    boolean isLast() {
        return silence != Silence.NONE || headBytesPerSecond < Long.MAX_VALUE;
    }

    Silence silence() {
        return silence;
    }

    int bytesSent() {
        return bytesSent;
    }

    int contentLength() {
        return contentLength;
    }

    long bytesPerSecond() {
        return bytesPerSecond;
    }

    long headBytesPerSecond() {
        return headBytesPerSecond;
    }

    /** The text that an {@link #endless} reply repeats. */
    String more() {
        return more;
    }

    List<Map.Entry<String, String>> headers() {
        return headers;
    }

    /** Names and values of {@link #overridden} headers; headers to remove have no value. */
    Map<String, Optional<String>> overrides() {
        return overrides;
    }

    /** Releases the body when the reply is not sent. */
    public void discard() {
        body.release();
    }
}
