package io.slsdispatch.connector.client.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * A request before it is signed.
 *
 * @param method of HTTP, in capitals
 * @param project part of the host name
 * @param path begins with a slash; needs no encoding
 * @param query parameters, not encoded, by name
 * @param headers the headers that the call needs, by name in lower case; not those of the signature
 * @param body null for none; the sender of the request releases it
 */
@Internal
public record ApiRequest(
        String method,
        String project,
        String path,
        SortedMap<String, String> query,
        Map<String, String> headers,
        @Nullable Body body) {

    /** This request with one more header. */
    ApiRequest with(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new ApiRequest(method, project, path, query, more, body);
    }

    /** The kinds of calls, with the limits of each. */
    public enum CallType {
        /**
         * Returns groups. The service sends about 10 MB at most ("PullLogs"); the limit keeps a wrong length from
         * exhausting the memory.
         */
        PULL(64 << 20, true, true),

        /**
         * Returns nothing but the head of the answer. Its body is large: the memory is released when it is sent, so the
         * caller, which still has the groups, repeats it.
         */
        PUT(1 << 20, true, false),

        /**
         * Reads metadata or changes settings. A list of some thousand shards takes 1 MB. Needs no permit: its caller
         * blocks, so there are no more such calls than threads, and pulls and puts that hang must not keep them from
         * the service.
         */
        CONTROL(8 << 20, false, true);

        private final int maxBody;
        private final boolean needsPermit;
        private final boolean keepsBody;

        CallType(int maxBody, boolean needsPermit, boolean keepsBody) {
            this.maxBody = maxBody;
            this.needsPermit = needsPermit;
            this.keepsBody = keepsBody;
        }

        /** The maximum body size of an answer in bytes. */
        int maxBody() {
            return maxBody;
        }

        /** Whether it counts towards the limit of concurrent requests. */
        boolean needsPermit() {
            return needsPermit;
        }

        /** Whether the body is kept until the call ends, so that it can be sent again. */
        boolean keepsBody() {
            return keepsBody;
        }
    }

    /**
     * The body of a request: filled by the thread that creates the request, released by the exchange that sends it. A
     * caller that does not send it must release it.
     */
    public static final class Body {

        private final ByteBuf content;
        private String digest = "";

        private Body(ByteBuf content) {
            this.content = content;
        }

        /** Allocates bodies. */
        @FunctionalInterface
        public interface Memory {

            /**
             * Allocates an empty body in direct memory.
             *
             * @param capacity its maximum size in bytes
             */
            Body allocate(int capacity) throws NoMemoryException;
        }

        /**
         * There is no direct memory left for a request, for example because many targets accept nothing. The request is
         * not sent; a retry may succeed after other requests have ended. The heap is not affected, so the process can
         * continue.
         */
        public static final class NoMemoryException extends Exception {

            NoMemoryException(int length, OutOfMemoryError cause) {
                super(
                        "no direct memory for a buffer of " + length + " bytes; if this lasts, give the process more"
                                + " (taskmanager.memory.task.off-heap.size)",
                        cause);
            }
        }

        static Body allocate(ByteBufAllocator memory, int capacity) throws NoMemoryException {
            try {
                return new Body(memory.directBuffer(capacity));
            } catch (OutOfMemoryError e) {
                throw new NoMemoryException(capacity, e);
            }
        }

        /** A body with this content. The array belongs to it from now on. */
        public static Body of(byte[] bytes) {
            return new Body(Unpooled.wrappedBuffer(bytes));
        }

        /** The buffer to write the body to: the whole capacity, from 0. {@link #trim} must follow. */
        public ByteBuffer buffer() {
            return content.nioBuffer(0, content.capacity());
        }

        /**
         * Sets the final length and releases the rest of the memory: a body may wait for a permit, or for a slow
         * network.
         */
        public void trim(int length) throws NoMemoryException {
            content.writerIndex(length);
            try {
                content.capacity(length);
            } catch (OutOfMemoryError e) {
                throw new NoMemoryException(length, e);
            }
        }

        /** The length in bytes. */
        public int length() {
            return content.readableBytes();
        }

        /** Computes the digest that the signature needs. May be called from any thread, before the request is sent. */
        void digest(Function<ByteBuffer, String> algorithm) {
            digest = algorithm.apply(content.nioBuffer());
        }

        /** The digest of the content, in the form that the signature needs. */
        String digest() {
            return digest;
        }

        ByteBuf content() {
            return content;
        }

        /** Releases the memory. Must be called once. */
        public void release() {
            content.release();
        }
    }

    /** The path and query as they are sent. */
    String target() {
        if (query.isEmpty()) {
            return path;
        }
        StringBuilder target = new StringBuilder(path);
        char separator = '?';
        for (Map.Entry<String, String> parameter : query.entrySet()) {
            target.append(separator).append(parameter.getKey()).append('=').append(encoded(parameter.getValue()));
            separator = '&';
        }
        return target.toString();
    }

    /** Percent-encodes a value by RFC 3986, which differs from form encoding in three characters. */
    static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }
}
