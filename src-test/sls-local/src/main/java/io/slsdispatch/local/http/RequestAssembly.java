package io.slsdispatch.local.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import org.jspecify.annotations.Nullable;

/** A request whose body is still being received. */
final class RequestAssembly {

    /**
     * Largest body that is kept. It is above the limit of 10 MB for a raw log group, so that the refusal of a group
     * that is a little too large can name its size.
     */
    static final int MAX_BODY = 32 * 1024 * 1024;

    private static final byte[] NO_BODY = new byte[0];

    private final HttpRequest head;
    private final byte[] body;
    private final @Nullable Refusal unreadable;
    private int filled;

    RequestAssembly(HttpRequest head) {
        this.head = head;
        long length = contentLength(head);
        if (HttpUtil.isTransferEncodingChunked(head)) {
            unreadable = new Refusal(ErrorCode.MISSING_CONTENT_LENGTH, "the request has no Content-Length");
        } else if (length > MAX_BODY) {
            unreadable = new Refusal(
                    413,
                    ErrorCode.POST_BODY_TOO_LARGE.text(),
                    "Content-Length " + length + " is more than " + MAX_BODY + " bytes");
        } else {
            unreadable = null;
        }
        body = unreadable != null || length == 0 ? NO_BODY : new byte[(int) length];
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
            int length = Math.min(content.readableBytes(), body.length - filled);
            content.readBytes(body, filled, length);
            filled += length;
        }
    }

    boolean keepAlive() {
        return HttpUtil.isKeepAlive(head);
    }

    Request request() {
        return new Request(head.method().name(), RequestTarget.parse(head.uri()), head.headers(), body, unreadable);
    }
}
