package io.slsdispatch.local.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes replies to one connection. Streams are written piece by piece as the client reads them. I/O thread only. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty closes the connection when a write fails.
final class ReplyWriter {

    private static final int PIECE = 64 * 1024;
    private static final AsciiString SERVER = AsciiString.cached("AliyunSLS");
    private static final AsciiString ANY_ORIGIN = AsciiString.cached("*");

    // Every value is created in this server or is wrong on purpose.
    private static final HttpHeadersFactory UNCHECKED =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false);

    private long dateSecond = Long.MIN_VALUE;
    private AsciiString date = AsciiString.EMPTY_STRING;
    private @Nullable Stream stream;
    private @Nullable SlowBody slow;

    private record Stream(Iterator<String> lines, boolean keepAlive) {}

    /**
     * Writes a reply, or starts to write a stream.
     *
     * @param later called at the end of a reply that is {@linkplain #isStreaming streamed}
     */
    void write(ChannelHandlerContext context, Reply reply, boolean keepAlive, Runnable later) {
        if (reply.silence() == Reply.Silence.ENDLESS) {
            new RawAnswer(reply.body(), reply.bytesPerSecond()).endless(context, reply.more());
            return;
        }
        if (reply.silence() != Reply.Silence.NONE) {
            if (reply.silence() == Reply.Silence.RESET) {
                // No lingering: the client sees a reset instead of an orderly close.
                context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
                context.close();
            }
            return;
        }
        if (reply.headBytesPerSecond() < Long.MAX_VALUE && reply.lines() == null) {
            ByteBuf head = Unpooled.copiedBuffer(head(reply), StandardCharsets.ISO_8859_1);
            new RawAnswer(head, reply.headBytesPerSecond())
                    .then(context, reply.body().slice(0, reply.bytesSent()));
        } else if (reply.overrides().containsKey("content-length")) {
            // The end of the body is then known only from the end of the connection.
            write(context, reply, HttpResponseStatus.valueOf(reply.status()), false, later);
        } else {
            write(context, reply, HttpResponseStatus.valueOf(reply.status()), keepAlive, later);
        }
    }

    private void write(
            ChannelHandlerContext context, Reply reply, HttpResponseStatus status, boolean keepAlive, Runnable later) {
        if (reply.lines() != null) {
            HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status, UNCHECKED);
            fill(head.headers(), reply, keepAlive);
            head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
            override(head.headers(), reply);
            context.write(head);
            stream = new Stream(reply.lines(), keepAlive);
            resume(context);
            return;
        }
        if (reply.bytesSent() < reply.size() || reply.bytesPerSecond() < Long.MAX_VALUE) {
            HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status, UNCHECKED);
            fill(head.headers(), reply, keepAlive);
            head.headers().set(HttpHeaderNames.CONTENT_LENGTH, reply.contentLength());
            override(head.headers(), reply);
            context.write(head);
            SlowBody body = new SlowBody(reply, keepAlive, () -> {
                slow = null;
                later.run();
            });
            slow = body;
            body.next(context);
            return;
        }
        HttpResponse whole = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status, reply.body(), UNCHECKED, DefaultHttpHeadersFactory.trailersFactory());
        fill(whole.headers(), reply, keepAlive);
        whole.headers().set(HttpHeaderNames.CONTENT_LENGTH, reply.body().readableBytes());
        override(whole.headers(), reply);
        var written = context.writeAndFlush(whole);
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private String head(Reply reply) {
        HttpHeaders headers = UNCHECKED.newHeaders();
        fill(headers, reply, false);
        headers.set(HttpHeaderNames.CONTENT_LENGTH, reply.contentLength());
        override(headers, reply);
        StringBuilder head = new StringBuilder("HTTP/1.1 " + HttpResponseStatus.valueOf(reply.status()) + "\r\n");
        headers.forEach(header -> head.append(header.getKey() + ": " + header.getValue() + "\r\n"));
        return head.append("\r\n").toString();
    }

    /** Whether a stream is not yet completely written. */
    boolean isStreaming() {
        return stream != null || slow != null;
    }

    /** Continues a stream as far as the client reads it. */
    void resume(ChannelHandlerContext context) {
        Stream current = stream;
        if (current == null) {
            return;
        }
        while (current.lines().hasNext() && context.channel().isWritable()) {
            context.writeAndFlush(new DefaultHttpContent(piece(context, current.lines())));
        }
        if (!current.lines().hasNext()) {
            stream = null;
            var written = context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
            if (!current.keepAlive()) {
                written.addListener(ChannelFutureListener.CLOSE);
            }
        }
    }

    private static ByteBuf piece(ChannelHandlerContext context, Iterator<String> lines) {
        ByteBuf piece = context.alloc().directBuffer(PIECE);
        while (lines.hasNext() && piece.readableBytes() < PIECE) {
            ByteBufUtil.writeUtf8(piece, lines.next());
            piece.writeByte('\n');
        }
        return piece;
    }

    private void fill(HttpHeaders headers, Reply reply, boolean keepAlive) {
        headers.set(HttpHeaderNames.SERVER, SERVER);
        if (!reply.contentType().isEmpty()) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, reply.contentType());
        }
        headers.set(HttpHeaderNames.CONNECTION, keepAlive ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
        headers.set(HttpHeaderNames.DATE, now());
        headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, ANY_ORIGIN);
        for (Map.Entry<String, String> header : reply.headers()) {
            headers.set(header.getKey(), header.getValue());
        }
    }

    private static void override(HttpHeaders headers, Reply reply) {
        reply.overrides().forEach((name, value) -> {
            if (value.isPresent()) {
                headers.set(name, value.get());
            } else {
                headers.remove(name);
            }
        });
    }

    private AsciiString now() {
        Instant now = Instant.now();
        if (now.getEpochSecond() != dateSecond) {
            dateSecond = now.getEpochSecond();
            date = new AsciiString(DateTimeFormatter.RFC_1123_DATE_TIME.format(now.atOffset(ZoneOffset.UTC)));
        }
        return date;
    }
}
