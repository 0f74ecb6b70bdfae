package io.slsdispatch.local.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.TimeUnit;

/** Writes a body that a fault slows down or truncates, a piece every few milliseconds. I/O thread only. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty closes the connection when a write fails.
final class SlowBody {

    private static final long PERIOD_MILLIS = 20;
    private static final long PERIODS_PER_SECOND = 1000 / PERIOD_MILLIS;

    private final ByteBuf body;
    private final int sent;
    private final int contentLength;
    private final long bytesPerSecond;
    private final boolean keepAlive;
    private final Runnable done;
    private final long startNanos = System.nanoTime();

    SlowBody(Reply reply, boolean keepAlive, Runnable done) {
        this.body = reply.body();
        this.sent = reply.bytesSent();
        this.contentLength = reply.contentLength();
        this.bytesPerSecond = reply.bytesPerSecond();
        this.keepAlive = keepAlive;
        this.done = done;
    }

    void next(ChannelHandlerContext context) {
        if (!context.channel().isActive()) {
            body.release();
            done.run();
            return;
        }
        int piece = (int) Math.min(sent - body.readerIndex(), due());
        if (piece > 0) {
            context.writeAndFlush(new DefaultHttpContent(body.readRetainedSlice(piece)));
        }
        if (body.readerIndex() < sent) {
            context.executor().schedule(() -> next(context), PERIOD_MILLIS, TimeUnit.MILLISECONDS);
            return;
        }
        body.release();
        end(context);
        done.run();
    }

    private long due() {
        if (bytesPerSecond == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        long elapsed = System.nanoTime() - startNanos;
        long allowed = (long) ((double) elapsed / TimeUnit.SECONDS.toNanos(1) * bytesPerSecond);
        return Math.max(allowed, bytesPerSecond / PERIODS_PER_SECOND) - body.readerIndex();
    }

    private void end(ChannelHandlerContext context) {
        if (sent < contentLength) {
            // The client waits for more bytes, and none will follow.
            context.flush();
            context.close();
            return;
        }
        var written = context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }
}
