package io.slsdispatch.connector.client.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A connection that carries one exchange at a time: sends its request and collects its answer. Unrequested data closes
 * the connection, since the next answer would not belong to the next request. One I/O thread.
 */
final class Connection extends ChannelInboundHandlerAdapter {

    /** Keeps idle connections. */
    interface Owner {

        /** The connection can carry the next request. */
        void giveBack(Connection connection);

        /** The connection is closed. */
        void forget(Connection connection);
    }

    /** Receives the result of a request. */
    interface Listener {

        /** The answer is complete; its body is valid during the call. */
        void answered(Answer answer);

        /** There will be no answer. */
        void failed(Throwable reason);
    }

    /**
     * Counts the bytes of an answer as they arrive, before they are decoded: the data around a body (informational
     * answers, heads, chunk extensions, trailers) is bounded, too. One I/O thread.
     */
    static final class AnswerLimit extends ChannelInboundHandlerAdapter {

        /** In addition to the limit of the body: a chunk can enclose few bytes. */
        private static final long MAX_AROUND = 1 << 20;

        private long allowed = MAX_AROUND;
        private long left = MAX_AROUND;

        /** Restarts the count. */
        void begin(int maxBody) {
            allowed = 2L * maxBody + MAX_AROUND;
            left = allowed;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof ByteBuf bytes) {
                left -= bytes.readableBytes();
            }
            if (left >= 0) {
                context.fireChannelRead(message);
            } else {
                ReferenceCountUtil.release(message);
                context.fireExceptionCaught(new IOException(
                        "the response has more than " + allowed + " bytes outside its body, and does not end"));
            }
        }
    }

    /** The rest of a longer error is not worth reading. */
    private static final int MAX_ERROR_BODY = 64 << 10;

    /** Memory for this much of the announced length is allocated at once. */
    private static final int FIRST_BELIEVED = 1 << 20;

    /** Once that much has arrived, memory for this much is allocated; the rest as data arrives. */
    private static final int BELIEVED_LENGTH = 16 << 20;

    /** A server sends at most one ("100 Continue") before its answer. */
    private static final int MAX_INFORMATIONAL = 16;

    private static final int OK = 200;

    private final String host;
    private final Owner owner;
    private final Channel channel;
    private final AnswerLimit bytes;

    private @Nullable Listener listener;
    private @Nullable ChannelFuture sent;
    private @Nullable HttpResponse head;
    private @Nullable ByteBuf body;
    private boolean whole;
    private boolean reusable;
    private int maxBody;
    private int informational;
    private long idleSince;

    /** @param bytes counts the bytes that arrive over the channel */
    Connection(String host, Owner owner, Channel channel, AnswerLimit bytes) {
        this.host = host;
        this.owner = owner;
        this.channel = channel;
        this.bytes = bytes;
    }

    /** The host that it connects to. */
    String host() {
        return host;
    }

    boolean isOpen() {
        return channel.isActive();
    }

    /** Since when the connection is idle, as {@link System#nanoTime}. */
    long idleSince() {
        return idleSince;
    }

    void idleFrom(long now) {
        idleSince = now;
    }

    /**
     * Sends a request and releases it.
     *
     * @param mostBytes the maximum size of the answer's body
     */
    void send(FullHttpRequest request, int mostBytes, Listener answerTo) {
        listener = answerTo;
        maxBody = mostBytes;
        informational = 0;
        bytes.begin(mostBytes);
        sent = channel.writeAndFlush(request);
        sent.addListener(result -> {
            if (!result.isSuccess()) {
                fail(result.cause());
            }
        });
    }

    /** Closes the connection; the listener of a pending answer is not notified. */
    void abandon() {
        listener = null;
        close();
    }

    void close() {
        var unused = channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            read((HttpObject) message);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void read(HttpObject part) {
        if (listener == null || whole) {
            // Unrequested data, or more than the announced length.
            reusable = false;
            close();
            return;
        }
        if (part.decoderResult().isFailure()) {
            fail(new IOException(
                    "the response is not HTTP: " + part.decoderResult().cause()));
            return;
        }
        if (part instanceof HttpResponse response) {
            begin(response);
        }
        if (part instanceof HttpContent content && head != null) {
            append(content.content());
            if (part instanceof LastHttpContent && listener != null) {
                complete();
            }
        }
    }

    private void begin(HttpResponse response) {
        long length = HttpUtil.getContentLength(response, -1L);
        boolean error = response.status().code() != OK;
        if (!error && length > maxBody) {
            fail(new Answer.TooLargeException(String.valueOf(length), maxBody, isOfTheService(response)));
            return;
        }
        head = response;
        reusable = HttpUtil.isKeepAlive(response);
        if (length != 0) {
            int known = (int) Math.min(length, error ? MAX_ERROR_BODY : FIRST_BELIEVED);
            body = known < 0 ? channel.alloc().directBuffer() : channel.alloc().directBuffer(known);
        }
    }

    private static boolean isOfTheService(HttpResponse response) {
        String requestId = response.headers().get(Answer.REQUEST_ID);
        return requestId != null && !requestId.isBlank();
    }

    private void append(ByteBuf part) {
        if (!part.isReadable()) {
            return;
        }
        ByteBuf gathered = body;
        HttpResponse response = head;
        if (gathered == null || response == null) {
            fail(new IOException("the response has a body, but its length is 0"));
            return;
        }
        boolean error = response.status().code() != OK;
        int room = (error ? MAX_ERROR_BODY : maxBody) - gathered.readableBytes();
        if (part.readableBytes() <= room) {
            if (part.readableBytes() > gathered.writableBytes()) {
                long announced = HttpUtil.getContentLength(response, -1L);
                gathered.ensureWritable(Math.max(
                        part.readableBytes(), (int) Math.min(announced, BELIEVED_LENGTH) - gathered.readableBytes()));
            }
            gathered.writeBytes(part);
        } else if (error) {
            gathered.writeBytes(part, room);
            reusable = false;
            complete();
            finish();
        } else {
            fail(new Answer.TooLargeException("more than " + maxBody, maxBody, isOfTheService(response)));
        }
    }

    private void complete() {
        if (head != null && head.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
            // Another answer follows.
            clear();
            informational++;
            if (informational > MAX_INFORMATIONAL) {
                fail(new IOException("more than " + MAX_INFORMATIONAL + " informational responses, and no final one"));
            }
        } else {
            whole = true;
        }
    }

    /** Passes on the answer only now: any data behind it has arrived by now and made the connection unusable. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (whole) {
            finish();
        }
    }

    private void finish() {
        Listener waiting = listener;
        HttpResponse response = head;
        ByteBuf gathered = body;
        if (waiting == null || response == null) {
            return;
        }
        boolean reuse = reusable && sent != null && sent.isDone() && channel.isActive();
        listener = null;
        head = null;
        body = null;
        whole = false;
        try {
            if (reuse) {
                owner.giveBack(this);
            } else {
                close();
            }
        } finally {
            hand(response, gathered, waiting);
        }
    }

    private static void hand(HttpResponse response, @Nullable ByteBuf gathered, Listener waiting) {
        try {
            waiting.answered(new Answer(
                    response.status().code(), response.headers(), gathered == null ? Unpooled.EMPTY_BUFFER : gathered));
        } finally {
            if (gathered != null) {
                gathered.release();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        owner.forget(this);
        if (whole) {
            finish();
        } else {
            int read = body == null ? 0 : body.readableBytes();
            fail(new IOException(
                    head == null
                            ? "the connection was closed before a response was received"
                            : "the response ended after " + read + " bytes of "
                                    + HttpUtil.getContentLength(head, -1L)));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(cause);
    }

    private void fail(Throwable reason) {
        Listener waiting = listener;
        listener = null;
        try {
            clear();
            close();
        } finally {
            if (waiting != null) {
                waiting.failed(reason);
            }
        }
    }

    private void clear() {
        head = null;
        whole = false;
        if (body != null) {
            body.release();
            body = null;
        }
    }
}
