package io.slsdispatch.local.consumer;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;

/**
 * A SOCKS 5 server that leads every connection to one port of this machine, whatever address was asked for. The only way
 * to lead a client with a fixed port 80 elsewhere that needs neither changes to the client nor the right to bind port 80.
 */
final class SocksServer implements AutoCloseable {

    private static final int ADDRESS_AND_PORT = 6;

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;

    SocksServer(int target) throws IOException {
        this.target = target;
        start(this::acceptAll);
    }

    int port() {
        return listening.getLocalPort();
    }

    private interface Action {
        void run() throws IOException;
    }

    private static void start(Action action) {
        Thread thread = new Thread(() -> {
            try {
                action.run();
            } catch (SocketException closed) {
                // One of the ends went away, or the test is over.
                return;
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void acceptAll() throws IOException {
        while (true) {
            Socket client = listening.accept();
            start(() -> serve(client));
        }
    }

    private void serve(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        OutputStream out = client.getOutputStream();
        in.readByte();
        in.readFully(new byte[in.readUnsignedByte()]);
        // Version 5, no authentication.
        out.write(new byte[] {5, 0});
        // Version, connect, reserved, and the kind of the address: the client resolves names by itself.
        byte[] request = new byte[4];
        in.readFully(request);
        if (request[3] != 1) {
            client.close();
            return;
        }
        in.readFully(new byte[ADDRESS_AND_PORT]);
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        out.write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        start(() -> pass(server.getInputStream(), out, client));
        pass(in, server.getOutputStream(), server);
    }

    private static void pass(InputStream from, OutputStream to, Socket end) throws IOException {
        try (end) {
            from.transferTo(to);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
