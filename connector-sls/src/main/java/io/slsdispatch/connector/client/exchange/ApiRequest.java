package io.slsdispatch.connector.client.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * A request before it is signed.
 *
 * @param method of HTTP, in capitals
 * @param project names the host
 * @param path begins with a slash; needs no encoding
 * @param query parameters, not encoded, by name
 * @param headers what the service needs to know besides, by name in lower case; not those of the signature
 * @param body null for none; released by whoever sends the request
 */
@Internal
public record ApiRequest(
        String method,
        String project,
        String path,
        SortedMap<String, String> query,
        Map<String, String> headers,
        @Nullable Body body) {

    /** What calls of one kind may take. */
    public enum CallType {
        /** Brings groups. The service gives some 10 MB at most ("PullLogs"); the limit keeps a wrong length from taking all memory. */
        PULL(64 << 20, true),

        /** Brings nothing but its head. */
        PUT(1 << 20, true),

        /**
         * Looks up or administers. Some thousand shards are listed in 1 MB. Needs no permit: its caller waits for it, so there
         * are no more of them than threads, and pulls and puts that hang must not keep it from the service.
         */
        CONTROL(8 << 20, false);

        private final int maxBody;
        private final boolean needsPermit;

        CallType(int maxBody, boolean needsPermit) {
            this.maxBody = maxBody;
            this.needsPermit = needsPermit;
        }

        /** The most bytes of an answer. */
        int maxBody() {
            return maxBody;
        }

        /** Whether it counts for the limit of concurrent requests. */
        boolean needsPermit() {
            return needsPermit;
        }
    }

    /**
     * The body of a request: filled by the thread that makes the request, released by the exchange that sends it. Whoever
     * does not send it must release it.
     */
    public static final class Body {

        private final ByteBuf content;
        private String digest = "";

        private Body(ByteBuf content) {
            this.content = content;
        }

        /** Gives memory for bodies. */
        @FunctionalInterface
        public interface Memory {

            /**
             * A body to be filled, in direct memory.
             *
             * @param capacity the most bytes that it can take
             */
            Body allocate(int capacity) throws NoMemoryException;
        }

        /**
         * There is no direct memory left for a request, such as when many targets take nothing: it is not sent, and may be when
         * others have gone. The heap is not touched, so the process can go on.
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

        /** A body that is there already; the array belongs to it from now on. */
        public static Body of(byte[] bytes) {
            return new Body(Unpooled.wrappedBuffer(bytes));
        }

        /** Where to write the body to: the whole capacity, from 0. To be followed by {@link #trim}. */
        public ByteBuffer buffer() {
            return content.nioBuffer(0, content.capacity());
        }

        /** Says how long it has become, and gives back the rest: a body may wait for its turn, or for a slow network. */
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

        /** Digests it as the signature wants it. Any thread, before it is sent. */
        void digest(Function<ByteBuffer, String> algorithm) {
            digest = algorithm.apply(content.nioBuffer());
        }

        /** Of the content, in the form that the signature wants. */
        String digest() {
            return digest;
        }

        ByteBuf content() {
            return content;
        }

        /** Gives its memory back. Once. */
        public void release() {
            content.release();
        }
    }

    /** Path and query as they are sent. */
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

    /** Percent-encoded as RFC 3986 has it, which differs from forms in three characters. */
    static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }
}
