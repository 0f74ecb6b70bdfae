package io.slsdispatch.connector.client.exchange;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.concurrent.Future;
import io.slsdispatch.connector.client.ErrorCodes;
import io.slsdispatch.connector.client.credentials.ProxyLogin;
import io.slsdispatch.connector.client.exchange.EventLoops.IoThread;
import io.slsdispatch.connector.client.http.TrustedAuthorities;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.config.ProxyConfig;
import io.slsdispatch.connector.task.GuardedTasks;
import io.slsdispatch.connector.task.GuardedTasks.FailureListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Opens connections: through the proxy if there is one, and with TLS if the endpoint requires it. One I/O thread. */
final class Connector {

    private static final int FIRST_READ = 16 << 10;

    /** Larger reads deliver an answer of several MB in fewer pieces. */
    private static final int MAX_READ = 512 << 10;

    private static final int MAX_LINE = 16 << 10;
    private static final int MAX_HEADERS = 64 << 10;

    private final Endpoint endpoint;
    private final @Nullable ProxyConfig proxy;
    private final @Nullable ProxyLogin login;
    private final @Nullable TrustedAuthorities authorities;
    private final int connectMillis;
    private final IoThread thread;
    private final Executor background;
    private final Bootstrap bootstrap;

    /**
     * Creates a connector.
     *
     * @param login for the proxy; null for none
     * @param background runs name look-ups and reads the CA file, which may take long
     * @throws IllegalArgumentException when the CA file cannot be read or holds no certificate
     */
    Connector(
            ConnectionConfig config,
            @Nullable ProxyLogin login,
            IoThread thread,
            ByteBufAllocator memory,
            Executor background) {
        ConnectionConfig.Network network = config.network();
        this.endpoint = config.endpoint();
        this.proxy = network.proxy();
        this.login = login;
        this.authorities = endpoint.tls() ? TrustedAuthorities.of(network.caFile()) : null;
        this.connectMillis = (int) Math.min(network.connectTimeout().toMillis(), Integer.MAX_VALUE);
        this.thread = thread;
        this.background = background;
        this.bootstrap = new Bootstrap()
                .group(thread.loop())
                .channel(NioSocketChannel.class)
                .resolver(NoopAddressResolverGroup.INSTANCE)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOCATOR, memory)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(FIRST_READ, FIRST_READ, MAX_READ));
    }

    /**
     * Opens a connection that can carry requests, or reports why it failed: with a {@link LocalFailureException} if
     * that says nothing about the server.
     *
     * @param whenResolved runs when the host name is resolved
     */
    void connect(String host, Runnable whenResolved, BiConsumer<@Nullable Channel, @Nullable Throwable> opened) {
        String resolved = proxy == null ? host : proxy.host();
        FailureListener listener = failure -> opened.accept(null, failure);
        GuardedTasks.execute(
                background,
                () -> {
                    InetAddress[] addresses = InetAddress.getAllByName(resolved);
                    SSLContext tls = authorities == null ? null : authorities.current();
                    thread.run(
                            () -> {
                                whenResolved.run();
                                tryNext(host, tls, addresses, 0, null, opened);
                            },
                            listener);
                },
                // An unknown host, or a look-up that this process lacks the resources for.
                failure -> thread.run(() -> opened.accept(null, ofLookUp(resolved, failure)), listener));
    }

    private Throwable ofLookUp(String name, Throwable failure) {
        return failure instanceof UnknownHostException
                ? new LocalFailureException(
                        ErrorCodes.UNKNOWN_HOST,
                        "the host name " + name + (proxy == null ? "" : " of the proxy") + " cannot be resolved; check "
                                + (proxy == null ? "the endpoint" : "the proxy") + " and the resolver of this machine",
                        failure)
                : failure;
    }

    /** @param remote the failure of an earlier address that is not local; null when there was none */
    private void tryNext(
            String host,
            @Nullable SSLContext tls,
            InetAddress[] addresses,
            int next,
            @Nullable Throwable remote,
            BiConsumer<@Nullable Channel, @Nullable Throwable> opened) {
        ChannelFuture connecting = open(host, tls, addresses[next]);
        whenDone(
                connecting,
                () -> {
                    if (connecting.isSuccess()) {
                        tunnel(connecting.channel(), opened);
                        return;
                    }
                    Throwable failure = ofConnect(connecting.cause());
                    Throwable shown = remote == null ? failure : remote;
                    if (next + 1 < addresses.length) {
                        boolean isLocal = shown instanceof LocalFailureException;
                        tryNext(host, tls, addresses, next + 1, isLocal ? null : shown, opened);
                    } else {
                        opened.accept(null, shown);
                    }
                },
                opened);
    }

    private Throwable ofConnect(Throwable failure) {
        return proxy == null
                ? LocalFailureException.ofConnect(failure)
                : new LocalFailureException(
                        ErrorCodes.PROXY_ERROR,
                        "the proxy " + proxy.host() + ":" + proxy.port() + " cannot be reached: " + failure,
                        failure);
    }

    /** Netty only logs exceptions of a listener: here such an exception is the reason why there is no connection. */
    private static void whenDone(
            Future<?> future, GuardedTasks.Task task, BiConsumer<@Nullable Channel, @Nullable Throwable> opened) {
        Runnable guarded = GuardedTasks.guarded(task, failure -> opened.accept(null, failure));
        future.addListener(done -> guarded.run());
    }

    private ChannelFuture open(String host, @Nullable SSLContext tls, InetAddress address) {
        ProxyConfig tunnel = tls == null ? null : proxy;
        InetSocketAddress to = tunnel != null
                ? InetSocketAddress.createUnresolved(host, endpoint.port())
                : new InetSocketAddress(address, proxy == null ? endpoint.port() : proxy.port());
        return bootstrap
                .clone()
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (tunnel != null) {
                            channel.pipeline().addLast(tunnel(new InetSocketAddress(address, tunnel.port())));
                        }
                        if (tls != null) {
                            channel.pipeline().addLast(tls(tls, host));
                        }
                        channel.pipeline()
                                .addLast(new Connection.AnswerLimit())
                                .addLast(new HttpClientCodec(
                                        new HttpDecoderConfig()
                                                .setMaxInitialLineLength(MAX_LINE)
                                                .setMaxHeaderSize(MAX_HEADERS)
                                                .setMaxChunkSize(MAX_READ),
                                        HttpClientCodec.DEFAULT_PARSE_HTTP_AFTER_CONNECT_REQUEST,
                                        false));
                    }
                })
                .connect(to);
    }

    private HttpProxyHandler tunnel(InetSocketAddress address) {
        HttpProxyHandler handler = login == null
                ? new HttpProxyHandler(address)
                : new HttpProxyHandler(address, login.user(), login.password());
        handler.setConnectTimeoutMillis(connectMillis);
        return handler;
    }

    /** Verifies that the certificate is for this host. */
    private SslHandler tls(SSLContext context, String host) {
        SSLEngine engine = context.createSSLEngine(host, endpoint.port());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        SslHandler handler = new SslHandler(engine);
        handler.setHandshakeTimeout(connectMillis, TimeUnit.MILLISECONDS);
        return handler;
    }

    /** Waits for the tunnel through the proxy, if there is one. */
    private static void tunnel(Channel channel, BiConsumer<@Nullable Channel, @Nullable Throwable> opened) {
        HttpProxyHandler handler = channel.pipeline().get(HttpProxyHandler.class);
        if (handler == null) {
            secure(channel, opened);
            return;
        }
        Future<Channel> tunnel = handler.connectFuture();
        whenDone(
                tunnel,
                () -> {
                    if (tunnel.isSuccess()) {
                        secure(channel, opened);
                    } else {
                        var unused = channel.close();
                        opened.accept(null, LocalFailureException.ofTunnel(tunnel.cause()));
                    }
                },
                opened);
    }

    private static void secure(Channel channel, BiConsumer<@Nullable Channel, @Nullable Throwable> opened) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        if (handler == null) {
            opened.accept(channel, null);
            return;
        }
        Future<Channel> handshake = handler.handshakeFuture();
        whenDone(
                handshake,
                () -> {
                    if (handshake.isSuccess()) {
                        opened.accept(channel, null);
                    } else {
                        var unused = channel.close();
                        opened.accept(null, LocalFailureException.ofHandshake(handshake.cause()));
                    }
                },
                opened);
    }
}
