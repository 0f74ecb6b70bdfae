package io.slsdispatch.local.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpServerCodec;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Writes bytes that a fault created, unchanged and no faster than its rate, a piece every few milliseconds. No further
 * reply can follow on the connection. I/O thread only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty closes the connection when a write fails.
final class RawAnswer {

    private static final long PERIOD_MILLIS = 20;
    private static final int MOST_AT_ONCE = 256 * 1024;

    private final long bytesPerSecond;
    private final long startNanos = System.nanoTime();
    private ByteBuf left;
    private long sent;

    /** @param first the first bytes; ownership passes to this object */
    RawAnswer(ByteBuf first, long bytesPerSecond) {
        this.left = first;
        this.bytesPerSecond = bytesPerSecond;
    }

    /**
     * Sends the first bytes, then the last bytes at once, and closes the connection. Ownership of the last bytes passes
     * to this object.
     */
    void then(ChannelHandlerContext context, ByteBuf last) {
        if (!context.channel().isActive()) {
            left.release();
            last.release();
            return;
        }
        send(context);
        if (left.isReadable()) {
            context.executor().schedule(() -> then(context, last), PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            left.release();
            socket(context).writeAndFlush(last).addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** Sends the first bytes, then repeats a text until the client closes the connection. */
    void endless(ChannelHandlerContext context, String more) {
        if (!context.channel().isActive()) {
            left.release();
            return;
        }
        if (context.channel().isWritable()) {
            send(context);
            if (!left.isReadable()) {
                left.release();
                left = Unpooled.copiedBuffer(more.repeat(MOST_AT_ONCE / more.length() + 1), StandardCharsets.US_ASCII);
            }
        }
        context.executor().schedule(() -> endless(context, more), PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void send(ChannelHandlerContext context) {
        int piece = (int) Math.min(left.readableBytes(), allowed());
        if (piece > 0) {
            sent += piece;
            socket(context).writeAndFlush(left.readRetainedSlice(piece));
        }
    }

    private long allowed() {
        double elapsed = (double) (System.nanoTime() - startNanos) / TimeUnit.SECONDS.toNanos(1);
        // The first byte is sent at once.
        return (long) Math.min(MOST_AT_ONCE, elapsed * bytesPerSecond + 1 - sent);
    }

    /** Bypasses the HTTP codec, which would change the bytes. */
    private static ChannelHandlerContext socket(ChannelHandlerContext context) {
        return context.pipeline().context(HttpServerCodec.class);
    }
}
