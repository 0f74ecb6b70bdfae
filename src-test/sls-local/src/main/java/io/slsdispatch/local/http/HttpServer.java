package io.slsdispatch.local.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** An HTTP/1.1 server for one {@link HttpService}: keep-alive, pipelining, bodies up to a limit, no TLS. */
public final class HttpServer implements AutoCloseable {

    private static final int MAX_LINE = 64 * 1024;
    private static final int MAX_HEADERS = 64 * 1024;
    // Larger reads split a body of 10 MB into fewer pieces.
    private static final int MAX_READ = 512 * 1024;
    private static final int FIRST_READ = 8 * 1024;
    private static final int BACKLOG = 1024;

    private final EventLoopGroup eventLoops;
    private final ChannelGroup connections;
    private final Channel listening;

    private HttpServer(EventLoopGroup eventLoops, ChannelGroup connections, Channel listening) {
        this.eventLoops = eventLoops;
        this.connections = connections;
        this.listening = listening;
    }

    /**
     * Starts listening.
     *
     * @param address address to bind; port 0 selects a free port
     * @param threads number of I/O threads
     * @throws IOException when the address cannot be bound
     */
    public static HttpServer start(InetSocketAddress address, int threads, HttpService service) throws IOException {
        EventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("sls-local-io", true), NioIoHandler.newFactory());
        ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        try {
            Channel listening = new ServerBootstrap()
                    .group(eventLoops)
                    .channel(NioServerSocketChannel.class)
                    .option(ChannelOption.SO_BACKLOG, BACKLOG)
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(
                            ChannelOption.RECVBUF_ALLOCATOR,
                            new AdaptiveRecvByteBufAllocator(1024, FIRST_READ, MAX_READ))
                    .childHandler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel channel) {
                            connections.add(channel);
                            channel.pipeline()
                                    .addLast(new HttpServerCodec(new HttpDecoderConfig()
                                            .setMaxInitialLineLength(MAX_LINE)
                                            .setMaxHeaderSize(MAX_HEADERS)
                                            .setMaxChunkSize(MAX_READ)))
                                    .addLast(new HttpConnection(service));
                        }
                    })
                    .bind(address)
                    .sync()
                    .channel();
            return new HttpServer(eventLoops, connections, listening);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            shutdown(eventLoops);
            throw new IOException("Interrupted while binding " + address, interrupted);
        } catch (Exception notBound) {
            // Netty throws the checked BindException without declaring it.
            shutdown(eventLoops);
            throw new IOException("Cannot listen on " + address + ": " + notBound.getMessage(), notBound);
        }
    }

    /** The port that the server listens on. */
    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** Runs an action periodically on an I/O thread until the server is closed. The action must not block or throw. */
    @SuppressWarnings("FutureReturnValueIgnored") // The task ends with the threads that run it.
    public void every(long period, TimeUnit unit, Runnable action) {
        eventLoops.scheduleWithFixedDelay(action, period, period, unit);
    }

    /** Stops listening, closes every connection and ends the threads. */
    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
        connections.close().awaitUninterruptibly();
        shutdown(eventLoops);
    }

    private static void shutdown(EventLoopGroup eventLoops) {
        eventLoops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
