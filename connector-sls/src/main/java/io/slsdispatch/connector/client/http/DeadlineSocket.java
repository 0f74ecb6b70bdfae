package io.slsdispatch.connector.client.http;

import io.slsdispatch.connector.config.Durations;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketImpl;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A socket whose connecting, reads and writes all end at one deadline, including those of a TLS handshake on top of it.
 * An interrupt of the thread ends them, too, unlike those of a plain socket. One thread. Uses no proxy, whatever the
 * properties of the JVM say.
 */
final class DeadlineSocket extends Socket {

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final Deadline deadline;

    private DeadlineSocket(SocketChannel channel, Selector selector, Deadline deadline) throws IOException {
        super((SocketImpl) null);
        this.channel = channel;
        this.selector = selector;
        this.deadline = deadline;
        channel.configureBlocking(false);
        this.key = channel.register(selector, 0);
    }

    /**
     * Opens a connection.
     *
     * @param connecting the deadline for this step
     * @param deadline of all reads and writes
     */
    static DeadlineSocket connect(InetSocketAddress peer, Deadline connecting, Deadline deadline) throws IOException {
        Selector selector = Selector.open();
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open();
            DeadlineSocket socket = new DeadlineSocket(channel, selector, deadline);
            boolean connected = channel.connect(peer);
            while (!connected) {
                socket.await(SelectionKey.OP_CONNECT, connecting);
                connected = channel.finishConnect();
            }
            return socket;
        } catch (SocketTimeoutException e) {
            close(channel, selector);
            throw new SocketTimeoutException("no connection within " + Durations.text(connecting.limit()));
        } catch (Throwable e) {
            close(channel, selector);
            throw e;
        }
    }

    private void await(int operation, Deadline until) throws IOException {
        key.interestOps(operation);
        selector.selectedKeys().clear();
        selector.select(until.millisLeft());
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted");
        }
    }

    @Override
    public InputStream getInputStream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int count) throws IOException {
                if (count == 0) {
                    return 0;
                }
                // Also when there is always something to read.
                deadline.millisLeft();
                ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, count);
                int read = channel.read(buffer);
                while (read == 0) {
                    await(SelectionKey.OP_READ, deadline);
                    read = channel.read(buffer);
                }
                return read;
            }
        };
    }

    @Override
    public OutputStream getOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int next) throws IOException {
                write(new byte[] {(byte) next}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int count) throws IOException {
                ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, count);
                while (buffer.hasRemaining()) {
                    if (channel.write(buffer) == 0) {
                        await(SelectionKey.OP_WRITE, deadline);
                    }
                }
            }
        };
    }

    /** Does not wait for the peer. */
    @Override
    public synchronized void close() throws IOException {
        close(channel, selector);
    }

    private static void close(@Nullable SocketChannel channel, Selector selector) throws IOException {
        try (selector;
                channel) {
            // Both are closed, whatever the other does.
        }
    }

    // What TLS asks of the socket below it.

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isBound() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public boolean isInputShutdown() {
        return false;
    }

    @Override
    public boolean isOutputShutdown() {
        return false;
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return channel.socket().getRemoteSocketAddress();
    }

    @Override
    public int getPort() {
        return channel.socket().getPort();
    }

    @Override
    public synchronized int getSoTimeout() {
        return 0;
    }

    @Override
    public synchronized void setSoTimeout(int millis) {
        // The deadline applies.
    }

    @Override
    public int getSoLinger() {
        return -1;
    }

    @Override
    public void setTcpNoDelay(boolean on) {
        // Each request is written at once.
    }
}
