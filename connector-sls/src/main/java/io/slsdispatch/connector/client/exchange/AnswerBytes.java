package io.slsdispatch.connector.client.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;

/**
 * Counts the bytes of an answer as they come, before anything looks into them: what encloses a body (informational answers,
 * heads, chunk extensions, trailers) has an end, too. One I/O thread.
 */
final class AnswerBytes extends ChannelInboundHandlerAdapter {

    /** Beside as much as the body may have: a chunk can enclose few bytes. */
    private static final long MAX_AROUND = 1 << 20;

    private long allowed = MAX_AROUND;
    private long left = MAX_AROUND;

    /** Begins to count anew. */
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
                    "the answer has more than " + allowed + " bytes around its body, and does not end"));
        }
    }
}
