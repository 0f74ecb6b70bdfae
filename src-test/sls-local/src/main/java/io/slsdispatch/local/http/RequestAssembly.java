package io.slsdispatch.local.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A request whose body is still being received. */
final class RequestAssembly {

    /**
     * Largest body that is kept. It is above the limit of 10 MB for a raw log group, so that the refusal of a group
     * that is a little too large can name its size.
     */
    static final int MAX_BODY = 32 * 1024 * 1024;

    /** Memory for this much of the announced length is allocated before it arrives. */
    private static final int BELIEVED_LENGTH = 1 << 20;

    private static final byte[] NO_BODY = new byte[0];

    private final HttpRequest head;
    private final boolean chunked;
    private final int length;
    private @Nullable Refusal unreadable;
    private byte[] body;
    private int filled;

    RequestAssembly(HttpRequest head) {
        this.head = head;
        // The generated SDKs send every body in chunks.
        chunked = HttpUtil.isTransferEncodingChunked(head);
        long announced = chunked ? 0 : contentLength(head);
        if (announced > MAX_BODY) {
            unreadable = tooLarge("Content-Length " + announced);
        }
        length = unreadable != null ? 0 : (int) announced;
        body = length == 0 ? NO_BODY : new byte[Math.min(length, BELIEVED_LENGTH)];
    }

    private static Refusal tooLarge(String what) {
        return new Refusal(413, ErrorCode.POST_BODY_TOO_LARGE.text(), what + " is more than " + MAX_BODY + " bytes");
    }

    private static long contentLength(HttpRequest head) {
        try {
            return Math.max(0, HttpUtil.getContentLength(head, 0L));
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }

    void add(ByteBuf content) {
        if (unreadable != null) {
            return;
        }
        if (chunked && content.readableBytes() > MAX_BODY - filled) {
            // The rest is read and dropped, so that the client reads the answer.
            unreadable = tooLarge("the body");
            body = NO_BODY;
            filled = 0;
            return;
        }
        int count = chunked ? content.readableBytes() : Math.min(content.readableBytes(), length - filled);
        if (filled + count > body.length) {
            body = Arrays.copyOf(body, chunked ? Math.max(filled + count, 2 * body.length) : length);
        }
        content.readBytes(body, filled, count);
        filled += count;
    }

    boolean keepAlive() {
        return HttpUtil.isKeepAlive(head);
    }

    Request request() {
        byte[] whole = chunked && filled < body.length ? Arrays.copyOf(body, filled) : body;
        return new Request(head.method().name(), RequestTarget.parse(head.uri()), head.headers(), whole, unreadable);
    }
}
