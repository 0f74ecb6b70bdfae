package io.slsdispatch.local.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP connection: assembles requests, passes them to the service one after another, and writes the replies in that
 * order. While a reply is pending or the client does not read, nothing more is read from the socket. I/O thread only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty closes the connection when a write fails.
final class HttpConnection extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

    private final HttpService service;
    private final Deque<Received> waiting = new ArrayDeque<>();
    private final ReplyWriter writer = new ReplyWriter();
    private @Nullable RequestAssembly assembly;
    private boolean answering;
    private boolean silent;

    HttpConnection(HttpService service) {
        this.service = service;
    }

    private record Received(Request request, boolean keepAlive) {}

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (silent) {
                return;
            }
            if (message instanceof HttpRequest request) {
                begin(context, request);
            }
            if (message instanceof HttpContent content && assembly != null) {
                assembly.add(content.content());
                if (content.decoderResult().isFailure()) {
                    context.close();
                } else if (content instanceof LastHttpContent) {
                    finish(context, assembly);
                }
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(ChannelHandlerContext context, HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            assembly = null;
            // The rest of the data on the connection cannot be parsed.
            Refusal refusal = new Refusal(
                    ErrorCode.PARAMETER_INVALID,
                    "not an HTTP request: " + request.decoderResult().cause().getMessage());
            refuse(context, refusal);
            return;
        }
        if (HttpUtil.is100ContinueExpected(request)) {
            context.writeAndFlush(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        }
        assembly = new RequestAssembly(request);
    }

    private void finish(ChannelHandlerContext context, RequestAssembly complete) {
        assembly = null;
        try {
            waiting.add(new Received(complete.request(), complete.keepAlive()));
        } catch (Refusal badTarget) {
            refuse(context, badTarget);
            return;
        }
        answerNext(context);
    }

    private void refuse(ChannelHandlerContext context, Refusal refusal) {
        writer.write(context, Reply.refused(refusal), false, () -> {});
    }

    private void answerNext(ChannelHandlerContext context) {
        while (isFree(context) && !waiting.isEmpty()) {
            answer(context, waiting.remove());
        }
        // Keep reading, so that a disconnect is detected for a client that gets no reply.
        context.channel().config().setAutoRead(silent || isFree(context));
    }

    private boolean isFree(ChannelHandlerContext context) {
        return !answering && !writer.isStreaming() && context.channel().isWritable();
    }

    private void answer(ChannelHandlerContext context, Received received) {
        answering = true;
        CompletionStage<Reply> reply = service.answer(received.request(), sender(context));
        reply.whenComplete((made, failure) -> {
            if (context.executor().inEventLoop()) {
                answered(context, received, made, failure);
            } else {
                context.executor().execute(() -> {
                    answered(context, received, made, failure);
                    answerNext(context);
                });
            }
        });
    }

    private void answered(
            ChannelHandlerContext context, Received received, @Nullable Reply made, @Nullable Throwable failure) {
        answering = false;
        if (made == null) {
            LOG.error(
                    "Request {} {} failed, closing its connection",
                    received.request().method(),
                    received.request().path(),
                    failure);
            context.close();
        } else {
            silent = made.isLast();
            if (silent) {
                waiting.clear();
            }
            writer.write(context, made, received.keepAlive(), () -> answerNext(context));
        }
    }

    private static InetAddress sender(ChannelHandlerContext context) {
        return ((InetSocketAddress) context.channel().remoteAddress()).getAddress();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            writer.resume(context);
            answerNext(context);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        waiting.clear();
        assembly = null;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // Usually a client that disconnected in the middle of a request or reply.
        LOG.debug("Connection from {} failed", context.channel().remoteAddress(), cause);
        context.close();
    }
}
