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
    private final @Nullable Refusal unreadable;
    private final int length;
    private byte[] body;
    private int filled;

    RequestAssembly(HttpRequest head) {
        this.head = head;
        long announced = contentLength(head);
        if (HttpUtil.isTransferEncodingChunked(head)) {
            unreadable = new Refusal(ErrorCode.MISSING_CONTENT_LENGTH, "the request has no Content-Length");
        } else if (announced > MAX_BODY) {
            unreadable = new Refusal(
                    413,
                    ErrorCode.POST_BODY_TOO_LARGE.text(),
                    "Content-Length " + announced + " is more than " + MAX_BODY + " bytes");
        } else {
            unreadable = null;
        }
        length = unreadable != null ? 0 : (int) announced;
        body = length == 0 ? NO_BODY : new byte[Math.min(length, BELIEVED_LENGTH)];
    }

    private static long contentLength(HttpRequest head) {
        try {
            return Math.max(0, HttpUtil.getContentLength(head, 0L));
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }

    void add(ByteBuf content) {
        if (unreadable == null) {
            int count = Math.min(content.readableBytes(), length - filled);
            if (filled + count > body.length) {
                body = Arrays.copyOf(body, length);
            }
            content.readBytes(body, filled, count);
            filled += count;
        }
    }

    boolean keepAlive() {
        return HttpUtil.isKeepAlive(head);
    }

    Request request() {
        return new Request(head.method().name(), RequestTarget.parse(head.uri()), head.headers(), body, unreadable);
    }
}
